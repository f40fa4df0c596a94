/** The sandboxed frame's document, as text. The build makes it, once. */

/**
 * What widget code may do. `unsafe-eval`: some chart libraries compile their expressions, and there
 * is nothing here to protect from it. No network of any kind, no forms, no frames inside. What no policy
 * forbids in any browser, calls over WebRTC, src/host/sandbox.ts takes away.
 */
function policy(hash: string): string {
  return [
    "default-src 'none'",
    `script-src '${hash}' blob: 'unsafe-eval' 'wasm-unsafe-eval'`,
    "style-src 'unsafe-inline' blob: data:",
    "img-src blob: data:",
    "font-src blob: data:",
    "media-src blob: data:",
    "connect-src blob: data:",
    "worker-src blob:",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
}

// The body is the measured box: `flow-root` keeps margins inside, so that nothing is cut off.
const STYLE = `
html { background: transparent; overflow-x: auto; overflow-y: hidden; }
body { display: flow-root; margin: 0; padding: 16px; box-sizing: border-box;
  font: 14px/1.5 var(--jp-ui-font-family, system-ui, sans-serif); color: var(--jp-ui-font-color1, #1a1d23); }
.cw-share + .cw-share { margin-block-start: 16px; padding-block-start: 16px;
  border-block-start: 1px solid var(--jp-border-color2, #e3e5ea); }
.cw-title { margin: 0 0 12px; font-size: 13px; font-weight: 600; line-height: 20px; color: var(--jp-ui-font-color2, #5b6270); }
.cw-title[hidden] { display: none; }
.cw-widget { overflow-x: auto; }
.cw-failure { --cw-e: var(--jp-error-color1, #c0303c); padding: 12px 16px; border-radius: 8px;
  border: 1px solid color-mix(in srgb, var(--cw-e) 32%, transparent); background: color-mix(in srgb, var(--cw-e) 7%, transparent); }
.cw-failure strong { font-size: 14px; font-weight: 600; }
.cw-failure p { margin: 2px 0 8px; color: var(--jp-ui-font-color2, #5b6270); }
.cw-failure pre { margin: 0; font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
`;

/** The document that runs `script`, and nothing else that is written into it: `hash` is "sha256-" and its digest. */
export function sandboxDocument(script: string, hash: string): string {
  return `<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(hash)}">
<style>${STYLE}</style></head><body><main id="stage"></main><script>${script}</script></body></html>
`;
}
