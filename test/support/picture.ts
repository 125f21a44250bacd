import { execFileSync } from 'node:child_process';

const CODECS = { jpeg: 'mjpeg', png: 'png', gif: 'gif', webp: 'libwebp', bmp: 'bmp' } as const;

/** A test pattern of so many pixels, by ffmpeg. */
export function makePicture(kind: keyof typeof CODECS, width: number, height: number): Buffer {
  const source = `testsrc2=size=${width}x${height}:rate=1:duration=1`;
  const wrapped = kind === 'gif' ? 'gif' : 'image2pipe';
  return execFileSync('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '1'],
    ...['-c:v', CODECS[kind], '-f', wrapped, '-fflags', '+bitexact', 'pipe:1'],
  ]);
}
