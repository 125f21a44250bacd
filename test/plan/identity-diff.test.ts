import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audioReason, tagReason } from '#src/plan/identity-diff.js';
import type { AudioId, TagId } from '#src/sources/identity.js';

const MD5 = '0123456789abcdef0123456789abcdef';
const audio = (text: string): AudioId => text as AudioId;
const tags = (text: string): TagId => text as TagId;

test('audio that differs is told by what STREAMINFO says of it', () => {
  const old = audio(`flac:${MD5}/1000/44100/2/16`);
  const text = (now: string): string => audioReason(old, audio(now)).text;
  assert.equal(
    text(`flac:${MD5}/900/48000/2/16`),
    'source audio changed: samples 1000 -> 900, sample rate 44100 -> 48000',
  );
  assert.equal(
    text(`flac:fedcba9876543210${MD5.slice(16)}/1000/44100/2/16`),
    'source audio changed: MD5 01234567... -> fedcba98...',
  );
  assert.equal(
    text(`sha256:${'ab'.repeat(32)}`),
    'source audio changed: flac 01234567... -> sha256 abababab...',
  );
});

test('the whole identities go with the reason', () => {
  const [old, now] = [audio('sha256:aa'), audio('sha256:bb')];
  assert.deepEqual(audioReason(old, now), {
    code: 'audio-changed',
    text: 'source audio changed: sha256 aa... -> sha256 bb...',
    old,
    new: now,
  });
});

test('tags that differ are told by their kind', () => {
  const text = (old: string, now: string): string => tagReason(tags(old), tags(now)).text;
  assert.equal(text('v:1,p:2,c:-', 'v:3,p:2,c:-'), 'tags changed: fields');
  assert.equal(text('v:1,p:2,c:-', 'v:1,p:-,c:5'), 'tags changed: pictures, cue sheet');
});
