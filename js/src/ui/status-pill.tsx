/** Says how the connection is. The countdown and the latency are not read out. */
import { useEffect, useState } from "preact/hooks";
import { statusWords } from "./status-text";
import type { Store } from "./store";
import { TEXTS } from "./texts";

/** The time, renewed each second while `running`. */
function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const ticking = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(ticking);
  }, [running]);
  return now;
}

export function StatusPill({ store }: { store: Store }) {
  const status = store.status.value;
  const now = useNow(status.retryAtMs !== null);
  // "reconnecting in 3 s, 2 changes waiting": what is fleeting follows the first words.
  const { tone, words, fleeting, waits, retry, help } = statusWords(status, now);
  return (
    <div class="status" data-tone={tone} data-phase={status.phase} title={help}>
      <span class="status-words" role="status">
        <i class="dot" aria-hidden="true" />
        {words}
        {fleeting !== "" && <span aria-hidden="true"> {fleeting}</span>}
        {waits !== "" && [TEXTS.separator, waits]}
        {retry && fleeting !== "" && <span aria-hidden="true">{TEXTS.separator.trimEnd()}</span>}
      </span>
      {retry && (
        <button type="button" class="link-button" onClick={() => store.client.retry()}>
          {TEXTS.retryNow}
        </button>
      )}
    </div>
  );
}
