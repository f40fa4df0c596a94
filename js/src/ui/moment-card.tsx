/** A moment of a chart: in the conversation, where it leads to the chart, and in the composer. */
import type { ChatLine, ChatMoment } from "../client";
import { exactRange, rangeOf } from "./days";
import { Icon } from "./icons";
import { MomentPicture } from "./moment-picture";
import type { Store } from "./store";
import { TEXTS } from "./texts";

interface MomentCardProps {
  store: Store;
  line: ChatLine;
  moment: ChatMoment;
}

export function MomentCard({ store, line, moment }: MomentCardProps) {
  store.shareCount.value; // drawn again when a chart comes or goes
  const title = store.moments.titleOf(moment.share);
  const shown = title ?? moment.share;
  const inside = (
    <>
      <MomentPicture picture={moment.picture} alt={TEXTS.momentAlt(shown, line.name)} />
      <Words title={shown} moment={moment} />
    </>
  );
  if (title === null) {
    return (
      <div class="moment" title={TEXTS.momentGone}>
        {inside}
        <small class="moment-gone">{TEXTS.momentGone}</small>
      </div>
    );
  }
  return (
    <button
      type="button"
      class="moment"
      title={TEXTS.showMoment}
      onClick={() => store.moments.show(moment)}
    >
      {inside}
      <span class="only-read">{TEXTS.showMoment}</span>
    </button>
  );
}

/** What goes with the next message, and a way to leave it out. */
export function MomentDraft({ store, moment }: { store: Store; moment: ChatMoment }) {
  const title = store.moments.titleOf(moment.share) ?? moment.share;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div class="moment-draft" role="group" aria-label={TEXTS.momentDraft}>
      <MomentPicture picture={moment.picture} alt="" />
      <Words title={title} moment={moment} />
      <button
        type="button"
        class="icon-button"
        aria-label={TEXTS.removeMoment}
        title={TEXTS.removeMoment}
        onClick={() => store.moments.detach()}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function Words({ title, moment }: { title: string; moment: ChatMoment }) {
  const [startMs, endMs] = [moment.start * 1000, moment.end * 1000];
  return (
    <span class="moment-words">
      <bdi class="moment-title">{title}</bdi>
      <span class="moment-range" title={exactRange(startMs, endMs)}>
        {rangeOf(startMs, endMs, Date.now())}
      </span>
    </span>
  );
}
