/** An error that nobody can handle here must be seen: as if it had not been caught. */
export function report(error: unknown): void {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else console.error(error);
}
