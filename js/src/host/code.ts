/** A front-end module from its text. Each widget has a module of its own, as in Jupyter. */
export async function importCode(code: string): Promise<Record<string, unknown>> {
  if (/^https?:\/\//.test(code)) {
    throw new Error(`It loads its code from ${code}, and a shared widget has no network.`);
  }
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
