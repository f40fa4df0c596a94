/** Put where a union is used up: the compiler refuses a forgotten member, and a lie ends here. */
export function assertNever(value: never, what = "value"): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
