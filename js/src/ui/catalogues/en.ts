/**
 * The interface's words in English: calm, short, and with what to do next. Every other catalogue has the same names.
 *
 * `{0}` and `{1}` are places for words, which `texts.ts` makes functions of. What depends on a number has a form for
 * each plural; the first number chooses. Records that closings, refusals and faults look into have an index type.
 * What is said inside the widgets' frame is in `en-framed.ts`.
 */
import { ENDINGS } from "./en-endings";

export const ENGLISH = {
  untitled: "Shared widgets",
  /** Between statements that stand in one line: "host away, 2 waiting". */
  separator: ", ",
  /** One sentence after the other. */
  sentences: "{0} {1}",
  /** The page's title: the room and the product. */
  pageTitle: "{0} · {1}",
  titleUnread: "({0}) {1}",
  titleCalls: "({0} @) {1}",

  // Status
  connecting: "connecting…",
  live: "live",
  latency: "{0} ms",
  reconnecting: "reconnecting",
  reconnectingNow: "reconnecting…",
  /** After `reconnecting`. */
  inSeconds: "in {0} s",
  retryNow: "retry now",
  offline: "offline",
  changesWaiting: { one: "{0} change waiting", other: "{0} changes waiting" },
  hostAway: "host away",
  kernelBusy: "kernel busy",
  waiting: { one: "{0} waiting", other: "{0} waiting" },
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
  yourself: "{0} (you)",
  peopleHere: { one: "{0} person here", other: "{0} people here" },
  more: "+{0}",
  roles: { viewer: "watching", participant: "", host: "host", owner: "host", feeder: "" },
  alone: "Nobody else yet. Whoever opens the link appears here.",
  editYou: "Your name and colour",
  viewOnlyTag: "view only",
  viewOnly: "This link lets you watch, not change. Ask the host for another one to take part.",

  // People: pointers, following, hands, order
  changedBy: "{0} changed this",
  follow: "Follow {0}",
  stopFollowing: "Stop following",
  following: "Following {0}",
  /** Read out; what is seen is `following` and `escToStop`. */
  followingHow: "Following {0}. Press Esc to stop.",
  escToStop: "Esc to stop",
  followEnded: {
    own: "You look for yourself again.",
    left: "The person that you followed has left.",
    alone: "The person that you followed wants to look alone.",
  },
  followedBy: { one: "{0} following you", other: "{0} following you" },
  followersTitle: "They see what you see",
  stopFollowers: "Stop them",
  followsYou: "follows you",
  beAlone: "Nobody may follow me",
  moreAbout: "What to do with {0}",
  idle: "away",
  handUp: "raised hand",
  raiseHand: "Raise hand",
  lowerHand: "Lower hand",
  raisedHand: "{0} raised a hand.",
  askToTakePart: "Ask to take part",
  asked: "You asked to take part.",
  takeBack: "Take back",
  asks: "asks to take part",
  asksToTakePart: "{0} asks to take part.",
  notNow: "Not now",
  letTakePart: "Let take part",
  onlyWatch: "Let only watch",
  makeHost: "Make host",
  noHost: "Make participant",
  remove: "Remove…",
  removeTitle: "Remove {0}?",
  removeText: "They are disconnected and cannot come back in this browser tab.",
  removeYes: "Remove",
  removeNo: "Keep",
  lockRoom: "Lock the room",
  lockHint: "Only hosts can change the widgets.",
  locked: "Locked",
  lockedText: "A host has locked the room: you can look, and write in the chat.",
  lockedHost: "You have locked the room: only hosts can change the widgets.",
  spotlight: "Spotlight",
  spotlightHint: "Everybody looks with you until they do something else.",
  spotlightOn: "in the spotlight",
  showPointers: "Show pointers",
  ownPointer: "Show mine to others",

  // Name
  nameTitle: "What is your name?",
  nameText: "You are already in. Change it at any time.",
  nameLabel: "Name",
  colorLabel: "Colour",
  /** In the order of `COLORS`. */
  colors: [
    ...["pink", "raspberry", "red", "orange", "brown", "olive", "green"],
    ...["turquoise", "cyan", "blue", "indigo", "violet", "purple", "grey"],
  ],
  languageLabel: "Language",
  join: "Continue",
  save: "Save",
  close: "Close",

  // Widgets
  widgets: "Widgets",
  emptyTitle: "Nothing is shared yet",
  emptyPage: "As soon as the host shares a widget, it appears here. You need not reload.",
  emptyPanel: "Share a widget into this room with share(widget), and it appears here.",
  loadingWidgets: "Loading widgets…",
  frameTitle: "Shared widgets",
  blockedTitle: "The widget cannot be shown here",
  blockedText:
    'This notebook does not allow the protected frame that shared widgets run in. Open the link in a browser tab, or use share(widget, display="native").',

  // Chat
  chat: "Chat",
  chatEmptyTitle: "No messages yet",
  chatEmptyText: "Say hello, or ask what you are looking at.",
  chatLoading: "Opening the chat…",
  chatMissing: "The chat could not be loaded.",
  messageLabel: "Message",
  messageHint: "Write a message",
  send: "Send",
  sending: "sending…",
  waitingToSend: "waits for the connection",
  showEarlier: "Show earlier messages",
  newMessages: "New messages",
  unread: { one: "{0} new message", other: "{0} new messages" },
  /** After `unread`: how many of them have our name in them. */
  calls: { one: "{0} calls you", other: "{0} call you" },
  openChat: "Open chat",
  closeChat: "Close chat",
  today: "Today",
  yesterday: "Yesterday",

  // Messages
  messages: "Messages",
  says: "{0}: {1}",
  messageTools: "What you can do with this message",
  reply: "Reply",
  edit: "Edit",
  erase: "Delete",
  eraseTitle: "Delete for everybody?",
  eraseNo: "Keep",
  edited: "edited",
  editing: "Edit your message",
  leaveEdit: "Leave it as it was",
  leaveReply: "Do not reply",
  messageSent: "Message sent.",
  messageEdited: "Message changed.",
  messageErased: "Message deleted.",
  messageGone: "This message is no longer there.",
  earlierMessage: "An earlier message",
  showAnswered: "Show the message that this answers",
  showMessage: "Show",
  showAll: "Show all of it",
  unknownBody: "This message needs a newer page. Reload to see it.",
  gistMoment: "A moment of a chart",
  gistPhotos: { one: "A photo", other: "{0} photos" },
  tooLong: {
    one: "Too long by {0} character. A message holds {1}: shorten it, or send it in parts.",
    other: "Too long by {0} characters. A message holds {1}: shorten it, or send it in parts.",
  },
  notSent: "Not sent. {0}",
  sendAgain: "Send again",
  discard: "Discard",
  toNewest: "Newest",
  copyCode: "Copy",
  copyCodeFailed: "Select and copy",
  typing: "{0} is writing…",
  /** `{0}` is a list of names. */
  typingBoth: "{0} are writing…",
  severalTyping: "Several people are writing…",
  calledYou: "{0} mentioned you.",

  // Reactions
  reactions: "Reactions",
  addReaction: "Add a reaction",
  reacted: "{0} added.",
  unreacted: "{0} taken back.",
  otherEmoji: "Any other emoji",
  otherEmojiHint: "Enter adds it.",
  oneEmoji: "A reaction is one emoji.",

  // Search
  search: "Search the chat",
  closeSearch: "Close the search",
  searching: "Searching…",
  searchAway: "The search waits for the connection.",
  nothingFound: "Nothing found. Every word has to be in the message.",
  found: { one: "{0} message", other: "{0} messages" },
  foundMore: { one: "The newest message", other: "The newest {0} messages" },
  moreFound: "Show older ones",

  // Moments of charts
  momentAlt: "{0}, as {1} saw it",
  showMoment: "Show in the chart",
  momentGone: "This chart is no longer shared.",
  momentDraft: "Moment of a chart, to be sent with the message",
  momentHint: "Say what there is to see",
  removeMoment: "Leave it out",
  sendMoment: "Send this moment to the chat?",
  marksFull: "This chart holds as many marks as it can.",
  /** A file's name and size. */
  saveFile: "Save “{0}” ({1})?",

  // Photos
  photo: {
    add: "Add photos",
    take: "Take a photo",
    drop: "Drop photos here",
    attached: "Photos, to be sent with the message",
    tooMany: {
      one: "A message holds {0} photo. The others were left out.",
      other: "A message holds {0} photos. The others were left out.",
    },
    someFile: "Photo",
    /** On a small button: the words that stand for a picture. */
    alt: "ALT",
    describe: "Describe {0}",
    describeLabel: "What is to be seen? People who cannot see the photo hear this.",
    done: "Done",
    remove: "Remove {0}",
    preparing: "preparing…",
    waiting: "waiting…",
    /** `{0}` is a percentage. */
    sent: "{0} sent",
    cleaning: "almost there…",
    by: "Photo from {0}",
    oneBy: "Photo {0} of {1} from {2}",
    gone: "This photo cannot be loaded.",
    photos: "Photos",
    previous: "Previous photo",
    next: "Next photo",
    zoomIn: "Enlarge",
    zoomOut: "Show all of it",
    download: "Download",
    place: "{0} of {1}",
    /** What the browser sees before the relay does, by the same slugs; the relay tells the rest in its own words. */
    faults: {
      "not-a-photo":
        "This is not a photo that a browser can show. JPEG, PNG, WebP, GIF and AVIF are.",
      heic: "This is a HEIC photo, which this browser cannot read. Send a screenshot of it, or save it as a JPEG first. An iPhone takes JPEGs after Settings, Camera, Formats, Most Compatible.",
      svg: "This is an SVG, which can carry programs. Save it as a PNG and send that.",
      "web-page":
        "This is a web page, whatever its name says. Save the picture in it and send that.",
      tiff: "This is a TIFF or a camera's raw photo, which browsers cannot show. Save it as a JPEG or PNG first.",
      pdf: "This is a PDF. Send a screenshot of the page that matters.",
      video: "This is a video, and only photos and animations can be sent. Send a frame of it.",
      "too-large": "This photo is too large. Make it smaller, or send a screenshot of it.",
      "too-heavy": "This animation is larger than 4 MB. Shorten it, or make it smaller.",
      broken:
        "This photo is damaged and cannot be read. Export it again, or send a screenshot of it.",
    } as Readonly<Record<string, string>>,
  },

  // Tables and snapshots of widgets, in messages and at the widgets
  card: {
    // Tables
    gistTable: "A table",
    tableSize: "{0} × {1}",
    tableSizeSpoken: "Table of {0} × {1}, rows by columns",
    tableFirstColumns: "first {0} columns",
    tableFirstRows: { one: "the first row", other: "the first {0} rows" },
    tableAllRows: { one: "Show the row", other: "Show all {0} rows" },
    tableFewerRows: "Show fewer rows",
    tableCopy: "Copy table",
    yes: "yes",
    no: "no",
    missing: "–",
    missingSpoken: "no value",

    // Snapshots
    gistSnapshot: "A widget, as it was",
    sendWidget: "Send to the chat",
    sendWidgetNamed: "Send “{0}” to the chat as it is now",
    widgetMenu: "What to do with “{0}”",
    nothingToSend: "“{0}” has nothing that can be sent.",
    sendSnapshot: "Send “{0}” as it is now to the chat?",
    /** Below the widget's name, before it is sent. */
    asItIs: "as it is now",
    snapshotDraft: "A widget as it is now, to be sent with the message",
    removeSnapshot: "Leave it out",
    snapshotAlt: "{0}, as {1} saw it",
    showWidget: "Show the widget",
    moreValues: { one: "and one more value", other: "and {0} more values" },

    // Applying
    applyToMe: "Apply to me",
    applyToAll: "Apply to all",
    applyToMeHint: "Sets what each viewer has for themselves, for you alone",
    applyToAllHint: "Sets it for everybody in the room",
    applyGone: "This widget is no longer shared.",
    applyViewer: "Your link lets you watch, not change.",
    applyLocked: "The room is locked: only hosts can change the widgets.",
    applyNotOpen: "The host has not opened these values for changes.",
    applyNotShown: "The widget is not shown here.",
    appliedToAll: "“{0}” is set as in the message, for everybody.",
    appliedAlready: "“{0}” is like this already.",
    appliedToMe: "“{0}” is set as in the message, for you alone.",
    appliedPartly: {
      one: "Set for you alone. One more value is the same for everybody: it has not changed.",
      other:
        "Set for you alone. {0} more values are the same for everybody: they have not changed.",
    },
    undo: "Undo",
    undone: "“{0}” is as it was before.",
  },

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
  backSent: { one: "Back. {0} change sent.", other: "Back. {0} changes sent." },
  backMissed: "Back. You were away for long; you see the newest state.",
  refused: {
    role: "Your link does not allow this change.",
    "not-writable": "The host has not opened this for changes.",
    "not-owner": "Only the host's notebook can do this.",
    "owner-away": "The host's notebook is away, so this was not done.",
    "too-large": "This is too large to send.",
    rejected: "The host's notebook did not accept this value.",
    unknown: "What it is about is no longer there.",
    "not-yours": "Only its author and hosts may do this.",
    locked: "A host has locked the room: you can look, and write in the chat.",
  } as Readonly<Record<string, string>>,
  unsendable: "A widget tried to send something that cannot travel.",
  notAllowed: "{0} was not allowed to do this.",
  notAllowedKey: "{0} was not allowed to change {1}.",
  allow: "Allow",
  allowed: "Guests may do that now. To keep it when the cell is run again, share with",
  somebody: "Somebody",
  copy: "Copy",
  dismiss: "Dismiss",

  // Endings
  tryAgain: "Try again",
  reload: "Reload",
  endings: ENDINGS,
  endingOther: "The connection has ended",
  endingPanel: "Run the cell again to share anew.",
  joinAgain: "Run the cell again to join anew.",
  twoPlaces: "A notebook takes two places: one for its kernel, one for this panel.",
  leftTitle: "The room is not open here",
  noSecret: [
    "This link is not complete",
    "The part after # is missing: it is the key to the room. Copy the whole link, or ask the host for it.",
  ],
  noRoom: ["No room here", "This address does not name a room. Open the link as you received it."],
  failureTitle: "Sharing could not start",
} as const;
