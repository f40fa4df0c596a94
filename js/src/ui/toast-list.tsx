/** The messages that come and go, above everything else and in nobody's way. */

import { CopyButton } from "./copy-button";
import { Icon } from "./icons";
import { TEXTS } from "./texts";
import type { Toasts } from "./toasts";

interface AnswerProps {
  answer: { label: string; run(): void };
  onDone(): void;
}

function Answer({ answer, onDone }: AnswerProps) {
  const press = (): void => {
    onDone();
    answer.run();
  };
  return (
    <button type="button" class="button" onClick={press}>
      {answer.label}
    </button>
  );
}

export function ToastList({ toasts }: { toasts: Toasts }) {
  return (
    <div class="toasts" aria-live="polite">
      {toasts.shown.value.map(({ id, tone, text, code, action }) => (
        <div key={id} class="toast" data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
          <span class="toast-text">
            {text} {code !== "" && <code>{code}</code>}
          </span>
          {action !== null && (
            <span class="toast-ways">
              <Answer answer={action} onDone={() => toasts.dismiss(id)} />
              {action.decline && (
                <Answer answer={action.decline} onDone={() => toasts.dismiss(id)} />
              )}
            </span>
          )}
          {action === null && code !== "" && <CopyButton text={code} label={TEXTS.copy} quiet />}
          <button
            type="button"
            class="icon-button"
            aria-label={TEXTS.dismiss}
            onClick={() => toasts.dismiss(id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
