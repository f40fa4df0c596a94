/** One message in the chat. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ChatLine, Status } from "../client";
import { Avatar } from "./avatar";
import { dayName, exactTime, timeOfDay } from "./days";
import { Icon } from "./icons";
import { renderMarkdown } from "./markdown";
import { MomentCard } from "./moment-card";
import { safeColor } from "./names";
import type { Store } from "./store";
import { TEXTS } from "./texts";
import type { Row } from "./thread";

function MessageText({ text }: { text: string }) {
  const body = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    body.current?.replaceChildren(renderMarkdown(text));
  }, [text]);
  return <div ref={body} class="message-text" dir="auto" />;
}

function Sending({ line, phase }: { line: ChatLine; phase: Status["phase"] }) {
  if (line.state === "sent") return null;
  const words = phase === "live" ? TEXTS.sending : TEXTS.waitingToSend;
  return (
    <span class="sending" title={words}>
      <Icon name="clock" />
      <span class="sending-words">{words}</span>
    </span>
  );
}

interface MessageProps {
  store: Store;
  row: Row;
  phase: Status["phase"];
}

export function Message({ store, row, phase }: MessageProps) {
  const { line, day, head, fresh } = row;
  const color = safeColor(line.color, line.by);
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
      <article class="message" data-head={head} data-mine={line.mine} data-state={line.state}>
        {head && (
          <header>
            <Avatar person={{ name: line.name, color }} />
            <bdi class="message-name">{line.name}</bdi>
            <time dateTime={new Date(line.timeMs).toISOString()} title={exactTime(line.timeMs)}>
              {timeOfDay(line.timeMs)}
            </time>
          </header>
        )}
        {line.moment !== null && <MomentCard store={store} line={line} moment={line.moment} />}
        {line.text !== "" && <MessageText text={line.text} />}
        <Sending line={line} phase={phase} />
      </article>
    </>
  );
}
