import { describe, expect, it } from 'vitest';
import { ageMs, alive, connected, disconnected, gap, heard, liveState, pulse, watermarkAgeMs } from '../src/live/indicator';

const T = 1_700_000_000_000;

describe('the live indicator', () => {
  it('connects, and gives up saying so after 5 s', () => {
    expect(liveState(pulse(T), T + 1_000)).toEqual({ kind: 'connecting' });
    expect(liveState(pulse(T), T + 5_000)).toEqual({ kind: 'stale', sinceMs: T, reason: 'unreachable' });
    expect(liveState(connected(pulse(T)), T + 5_000)).toEqual({ kind: 'stale', sinceMs: T, reason: 'mute' });
  });

  it('is green up to 3 s, then amber, then grey', () => {
    const p = heard(connected(pulse(T)), T, T);
    expect(liveState(p, T + 400)).toEqual({ kind: 'live', ageMs: 400 });
    expect(liveState(p, T + 3_000).kind).toBe('live');
    expect(liveState(p, T + 3_001)).toEqual({ kind: 'late', ageMs: 3_001 });
    expect(liveState(p, T + 25_000).kind).toBe('late');
    expect(liveState(p, T + 25_001)).toEqual({ kind: 'stale', sinceMs: T, reason: 'silent' });
  });

  it('is amber, not grey, while heartbeats come without data', () => {
    let p = heard(connected(pulse(T)), T, T);
    for (let s = 10; s <= 60; s += 10) p = alive(p, T + s * 1_000);
    expect(liveState(p, T + 61_000)).toEqual({ kind: 'late', ageMs: 61_000 });
    expect(liveState(p, T + 85_001)).toEqual({ kind: 'stale', sinceMs: T, reason: 'silent' });
    expect(liveState(alive(disconnected(p, T + 62_000), T + 62_000), T + 62_001)).toMatchObject({ reason: 'lost' });
  });

  it('learns a slower clock anew when another node takes over', () => {
    const SLOWER = 60_000;
    let p = heard(pulse(T), T, T);
    p = heard(p, T + 1_000 - SLOWER, T + 1_000);
    expect(liveState(p, T + 1_400)).toEqual({ kind: 'live', ageMs: 400 });
    expect(watermarkAgeMs(p, T - SLOWER, T + 1_000)).toBe(1_000);
  });

  it('is grey from the last data on when the connection is lost, and recovers', () => {
    let p = heard(connected(pulse(T)), T, T);
    p = disconnected(p, T + 100);
    expect(liveState(p, T + 200)).toEqual({ kind: 'stale', sinceMs: T, reason: 'lost' });
    p = heard(connected(p), T + 900, T + 900);
    expect(liveState(p, T + 1_000).kind).toBe('live');
  });

  it('is grey while messages are missing, since they are', () => {
    let p = heard(connected(pulse(T)), T, T);
    p = gap(p, true, T + 500);
    p = gap(p, true, T + 900);
    p = heard(p, T + 1_000, T + 1_000);
    expect(liveState(p, T + 1_000)).toEqual({ kind: 'stale', sinceMs: T + 500, reason: 'gap' });
    expect(liveState(gap(p, false, T + 1_100), T + 1_100).kind).toBe('live');
  });

  it('is not fooled by a clock that is wrong, but sees data that comes late', () => {
    const SKEW = 3_600_000;
    let p = heard(pulse(T), T - SKEW, T);
    expect(ageMs(p, T)).toBe(0);
    p = heard(p, T + 1_000 - SKEW, T + 5_000);
    expect(ageMs(p, T + 5_000)).toBe(4_000);
    expect(liveState(p, T + 5_000).kind).toBe('late');
  });

  it('a message older than the one before makes nothing younger', () => {
    let p = heard(pulse(T), T, T);
    p = heard(p, T - 2_000, T + 2_000);
    expect(ageMs(p, T + 2_000)).toBe(2_000);
  });

  it('the age of the watermark goes on with the clock', () => {
    const p = heard(pulse(T), T, T);
    expect(watermarkAgeMs(p, T - 1_200, T + 300)).toBe(1_500);
    expect(watermarkAgeMs(p, null, T)).toBeNull();
  });
});
