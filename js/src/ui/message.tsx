/** One message in the chat. */
import { Component } from "preact";
import { useState } from "preact/hooks";
import type { ChatLine, Status } from "../client";
import { Avatar } from "./avatar";
import { dayName, exactTime, timeOfDay } from "./days";
import { gistOf } from "./gist";
import { Erasing, Refusal, Sending } from "./message-fate";
import { Quote } from "./message-quote";
import { Reactions } from "./message-reactions";
import { MessageText } from "./message-text";
import { MessageTools } from "./message-tools";
import { MomentCard } from "./moment-card";
import { safeColor } from "./names";
import { PhotoGrid } from "./photo-grid";
import { SnapshotCard } from "./snapshot-card";
import type { Store } from "./store";
import { TableCard } from "./table-card";
import { TEXTS } from "./texts";

/** What this page shows; a newer one may know others. */
const KNOWN: ReadonlySet<string> = new Set(["text", "moment", "photos", "table", "snapshot"]);

interface MessageProps {
  store: Store;
  line: ChatLine;
  /** As in `Row`. */
  day: boolean;
  head: boolean;
  fresh: boolean;
  /** What can be done with it is shown. */
  active: boolean;
  /** The Tab key comes here. */
  current: boolean;
  /** Somebody has jumped here. */
  flash: boolean;
  phase: Status["phase"];
}

/** Hundreds are in the document: one is drawn again only when it reads differently. */
export class Message extends Component<MessageProps> {
  override shouldComponentUpdate(next: MessageProps): boolean {
    const names = Object.keys(next) as (keyof MessageProps)[];
    return names.some((name) => next[name] !== this.props[name]);
  }

  override render() {
    const { line, day, fresh } = this.props;
    return (
      <>
        {day && (
          <div class="day" role="presentation">
            <span>{dayName(line.timeMs, Date.now())}</span>
          </div>
        )}
        {fresh && (
          <div class="fresh" role="presentation">
            <span>{TEXTS.newMessages}</span>
          </div>
        )}
        <Article {...this.props} />
      </>
    );
  }
}

function Article({ store, line, head, active, current, flash, phase }: MessageProps) {
  const [erasing, setErasing] = useState(false);
  return (
    <article
      class="message"
      data-id={line.id}
      data-head={head}
      data-mine={line.mine}
      data-state={line.state}
      data-flash={flash}
      aria-label={TEXTS.says(line.name, gistOf(line.body))}
      tabIndex={current ? 0 : -1}
    >
      {head && <Head line={line} />}
      {line.reply !== 0 && <Quote store={store} reply={line.reply} />}
      <Content store={store} line={line} />
      {line.edited && <span class="edited">{TEXTS.edited}</span>}
      <Reactions store={store} line={line} />
      {line.state === "sending" && <Sending phase={phase} />}
      {line.state === "failed" && <Refusal store={store} line={line} />}
      {erasing && <Erasing store={store} line={line} onDone={() => setErasing(false)} />}
      {active && line.state === "sent" && !erasing && (
        <MessageTools store={store} line={line} onErase={() => setErasing(true)} />
      )}
    </article>
  );
}

function Head({ line }: { line: ChatLine }) {
  const color = safeColor(line.color, line.by);
  return (
    <header>
      <Avatar person={{ name: line.name, color }} />
      <bdi class="message-name">{line.name}</bdi>
      <time dateTime={new Date(line.timeMs).toISOString()} title={exactTime(line.timeMs)}>
        {timeOfDay(line.timeMs)}
      </time>
    </header>
  );
}

function Content({ store, line }: { store: Store; line: ChatLine }) {
  const { body, text, moment } = line;
  const known = KNOWN.has(body.kind);
  return (
    <>
      {moment !== null && <MomentCard store={store} line={line} moment={moment} />}
      {body.kind === "photos" && <PhotoGrid store={store} line={line} />}
      {body.kind === "table" && <TableCard table={body} />}
      {body.kind === "snapshot" && <SnapshotCard store={store} line={line} snapshot={body} />}
      {text !== "" && <MessageText store={store} text={text} />}
      {!known && <p class="unknown-body">{TEXTS.unknownBody}</p>}
    </>
  );
}
