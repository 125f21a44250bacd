/** Stands in for somebody who waits. */
function nobody(): void {}

/** Writes piece after piece, as fast as the reader of a pipe takes them, until it is gone. */
export async function writeAll(
  pieces: Iterable<string>,
  stream: NodeJS.WritableStream,
): Promise<void> {
  let isGone = false;
  let wake: () => void = nobody;
  const lose = (): void => {
    isGone = true;
    wake();
  };
  const goOn = (): void => wake();
  stream.on('error', lose).on('close', lose).on('drain', goOn);
  for (const piece of pieces) {
    if (isGone) break;
    if (stream.write(piece)) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  stream.off('error', lose).off('close', lose).off('drain', goOn);
}
