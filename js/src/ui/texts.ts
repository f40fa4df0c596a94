/** Every sentence that people read, in one place. Calm, short, and with what to do next. */

function plural(count: number, one: string, many: string): string {
  return count === 1 ? `${count} ${one}` : `${count} ${many}`;
}

function sizeText(bytes: number): string {
  if (bytes < 1 << 10) return plural(bytes, "byte", "bytes");
  return bytes < 1 << 20
    ? `${Math.round(bytes / 1024)} KB`
    : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

export const TEXTS = {
  product: "cowidget",
  untitled: "Shared widgets",

  // Status
  connecting: "connecting…",
  live: "live",
  latency: (ms: number) => `${Math.max(1, Math.round(ms))} ms`,
  reconnecting: "reconnecting",
  reconnectingNow: "reconnecting…",
  inSeconds: (seconds: number) => `in ${seconds} s`,
  retryNow: "retry now",
  offline: "offline",
  changesWaiting: (count: number) => plural(count, "change waiting", "changes waiting"),
  hostAway: "host away",
  kernelBusy: "kernel busy",
  waiting: (count: number) => `${count} waiting`,
  ended: "ended",
  statusHelp: {
    live: "Changes reach everybody at once.",
    away: "The host's notebook is not connected. Your changes are kept and apply when it is back.",
    busy: "The host's notebook is running a cell. Everybody here still sees each other.",
    reconnecting:
      "You can go on: what you change and write is kept and sent when the line is back.",
    connecting: "Opening the room.",
  },

  // People
  people: "People",
  you: "you",
  peopleHere: (count: number) => plural(count, "person here", "people here"),
  more: (count: number) => `+${count}`,
  roles: { viewer: "watching", participant: "", host: "host", owner: "host", feeder: "" },
  aloneTitle: "Nobody else yet",
  aloneText: "Whoever opens the link appears here.",
  editYou: "Your name and colour",
  viewOnlyTag: "view only",
  viewOnly: "This link lets you watch, not change. Ask the host for another one to take part.",

  // Name
  hostName: "Host",
  nameTitle: "What is your name?",
  nameText: "You are already in. Change it at any time.",
  nameLabel: "Name",
  colorLabel: "Colour",
  join: "Continue",
  save: "Save",
  close: "Close",

  // Widgets
  widgets: "Widgets",
  emptyTitle: "Nothing is shared yet",
  emptyPage: "As soon as the host shares a widget, it appears here. You need not reload.",
  emptyPanel: "Share a widget into this room with share(widget), and it appears here.",
  loadingWidgets: "Loading widgets…",
  blockedTitle: "The widget cannot be shown here",
  blockedText:
    'This notebook does not allow the protected frame that shared widgets run in. Open the link in a browser tab, or use share(widget, display="native").',

  // Chat
  chat: "Chat",
  chatEmptyTitle: "No messages yet",
  chatEmptyText: "Say hello, or ask what you are looking at.",
  messageLabel: "Message",
  messageHint: "Write a message",
  send: "Send",
  sending: "sending…",
  waitingToSend: "waits for the connection",
  showEarlier: "Show earlier messages",
  newMessages: "New messages",
  unread: (count: number) => plural(count, "new message", "new messages"),
  openChat: "Open chat",
  closeChat: "Close chat",
  today: "Today",
  yesterday: "Yesterday",

  // Moments of charts
  momentAlt: (chart: string, name: string) => `${chart}, as ${name} saw it`,
  showMoment: "Show in the chart",
  momentGone: "This chart is no longer shared.",
  momentDraft: "Moment of a chart, to be sent with the message",
  momentHint: "Say what there is to see",
  removeMoment: "Leave it out",
  sendMoment: "Send this moment to the chat?",
  marksFull: "This chart holds as many marks as it can.",
  saveFile: (name: string, bytes: number) => `Save “${name}” (${sizeText(bytes)})?`,

  // Sharing
  share: "Share",
  copyLink: "Copy link",
  copied: "Copied",
  copyFailed: "Select the link and copy it",
  linkPending: "The link is on its way",
  qr: "QR code",
  qrText: "Point a phone's camera at it. Whoever has this link can join.",
  reachMachine: "Only browsers on this computer can open this link.",
  linkLabel: "Link to this room",
  stop: "Stop",
  stopTitle: "Stop sharing?",
  stopText: "Everybody is disconnected, and the link stops working.",
  stopYes: "Stop sharing",
  stopNo: "Keep sharing",
  stopping: "Stopping…",

  // Toasts
  back: "Back.",
  backSent: (count: number) => `Back. ${plural(count, "change", "changes")} sent.`,
  backMissed: "Back. You were away for long; you see the newest state.",
  refused: {
    role: "Your link does not allow this change.",
    "not-writable": "The host has not opened this for changes.",
    "not-owner": "Only the host's notebook can do this.",
    "owner-away": "The host's notebook is away, so this was not done.",
    "too-large": "This is too large to send.",
    rejected: "The host's notebook did not accept this value.",
  } as Record<string, string>,
  unsendable: "A widget tried to send something that cannot travel.",
  refusedReason: (sentence: string, reason: string) =>
    reason === "" ? sentence : `${sentence} ${reason}`,
  noticeTitle: (name: string, key: string) =>
    key === ""
      ? `${name} was not allowed to do this.`
      : `${name} was not allowed to change ${key}.`,
  allow: "Allow",
  allowed: "Guests may do that now. To keep it when the cell is run again, share with",
  somebody: "Somebody",
  copy: "Copy",
  dismiss: "Dismiss",

  // Endings
  tryAgain: "Try again",
  reload: "Reload",
  endings: {
    "wrong-link": [
      "This link does not work",
      "Part of it may have been lost when it was copied, or the host has replaced it. Ask for the link again.",
    ],
    expired: ["This link has expired", "Links end after a while. Ask the host for a new one."],
    revoked: [
      "This link was withdrawn",
      "The host has ended this link. Ask for a new one if you still need to be here.",
    ],
    "unknown-room": [
      "There is no such room",
      "It may have ended, or the address is not complete. Check the link, or ask the host.",
    ],
    stopped: ["This session has ended", "The host has stopped sharing."],
    full: [
      "The room is full",
      "As many people are here as this link admits. Try again when somebody has left, or ask the host.",
    ],
    version: [
      "This page is out of date",
      "The relay has been updated since you opened it. Reload the page to go on.",
    ],
    origin: [
      "This page may not connect",
      "The relay does not accept connections from this address. Open the link exactly as you received it.",
    ],
    "not-allowed": [
      "That was not allowed",
      "Your role in this room does not include it. Reload the page to go on.",
    ],
    "too-large": [
      "A message was too large",
      "It exceeds what this room allows. Reload the page to go on.",
    ],
    undecodable: [
      "The connection broke down",
      "The relay could not read a message of this page. Reload the page to go on.",
    ],
    "unknown-frame": [
      "The connection broke down",
      "The relay does not know a message of this page. Reload the page to go on.",
    ],
    unexpected: [
      "The connection broke down",
      "A message arrived at the wrong time. Reload the page to go on.",
    ],
  } as Record<string, [title: string, text: string]>,
  endingOther: "The connection has ended",
  endingPanel: "Run the cell again to share anew.",
  noSecret: [
    "This link is not complete",
    "The part after # is missing: it is the key to the room. Copy the whole link, or ask the host for it.",
  ] as [title: string, text: string],
  noRoom: [
    "No room here",
    "This address does not name a room. Open the link as you received it.",
  ] as [title: string, text: string],
  failureTitle: "Sharing could not start",
};
