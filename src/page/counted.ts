/** `50,000`. */
export function counted(value: number): string {
  return value.toLocaleString('en-US');
}
