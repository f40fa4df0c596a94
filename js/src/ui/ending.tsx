/** What is shown instead of the room when the connection has ended for good, each code its own text. */
import type { Status } from "../client";
import { Icon } from "./icons";
import { TEXTS } from "./texts";

/** What the person can do here. */
type Way = "reload" | "none";

const RELOADING = new Set([
  "version",
  "full",
  "not-allowed",
  "too-large",
  "undecodable",
  "unknown-frame",
  "unexpected",
]);

interface NoticePageProps {
  title: string;
  text: string;
  way: Way;
  slug: string;
  /** Fills the window, rather than the panel's place. */
  page?: boolean;
  onReload?: () => void;
}

/** A whole page with one thing to say. */
export function NoticePage({ title, text, way, slug, page = false, onReload }: NoticePageProps) {
  return (
    <main class="notice" data-slug={slug} data-page={page}>
      <div class="notice-card" role="alert">
        <span class="notice-mark">
          <Icon name={slug === "stopped" ? "check" : way === "reload" ? "alert" : "unlink"} />
        </span>
        <h1>{title}</h1>
        <p>{text}</p>
        {way === "reload" && onReload && (
          <button type="button" class="button primary" onClick={onReload}>
            {slug === "full" ? TEXTS.tryAgain : TEXTS.reload}
          </button>
        )}
      </div>
    </main>
  );
}

/** The page of one close code. */
export function Ending({ closing, hint }: { closing: Status["closing"]; hint?: string }) {
  const slug = closing?.slug ?? "";
  const [title, text] = TEXTS.endings[slug] ?? [TEXTS.endingOther, closing?.text ?? ""];
  const way: Way = hint === undefined && RELOADING.has(slug) ? "reload" : "none";
  const words = hint === undefined ? text : TEXTS.sentences(text, hint);
  return (
    <NoticePage
      title={title}
      text={words}
      way={way}
      slug={slug}
      page={hint === undefined}
      onReload={() => location.reload()}
    />
  );
}
