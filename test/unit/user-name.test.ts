import os from 'node:os';
import { describe, expect, test } from 'vitest';
import { userName } from '../../electron/user-name.ts';

const isRoot = process.getuid?.() === 0;

describe('the name of whoever is at the machine', () => {
  test('is the user’s', () => {
    expect(userName({})).toBe(os.userInfo().username);
  });

  test.runIf(isRoot)('is not root’s where sudo made them root', () => {
    expect(userName({ SUDO_UID: '1000', SUDO_USER: 'somebody' })).toBe('somebody');
    expect(userName({ SUDO_USER: 'somebody' })).toBe('root');
  });

  test.runIf(isRoot)('is a number where passwd(5) has none, as in containers', () => {
    process.seteuid?.(47114711);
    try {
      // Who is not root may say of sudo what they like.
      expect(userName({ SUDO_UID: '0' })).toBe('user 47114711');
    } finally {
      process.seteuid?.(0);
    }
  });
});
