import { describe, expect, test } from 'vitest';
import { choosePackages, packageNames, parseMadison, parseOsRelease } from './machine-packages.ts';

const ubuntu = (version: string, codename: string) =>
  parseOsRelease(
    `PRETTY_NAME="Ubuntu ${version}"\nNAME="Ubuntu"\nVERSION_ID="${version}"\nVERSION_CODENAME=${codename}\nID=ubuntu\nID_LIKE=debian\n`,
  );

test('reads what the system is, and what it is like', () => {
  expect(ubuntu('25.04', 'plucky')).toEqual({ ids: ['ubuntu', 'debian'], codename: 'plucky', name: 'Ubuntu 25.04' });
  expect(parseOsRelease('ID=linuxmint\nID_LIKE="ubuntu debian"\n').ids).toEqual(['linuxmint', 'ubuntu', 'debian']);
  expect(parseOsRelease('')).toEqual({ ids: [], codename: undefined, name: 'this system' });
});

test('Debian and what is like nothing but it have no MySQL of their own', () => {
  expect(packageNames(parseOsRelease('ID=debian\n'))).toBeUndefined();
  expect(packageNames(parseOsRelease('ID=raspbian\nID_LIKE=debian\n'))).toBeUndefined();
  expect(packageNames(parseOsRelease('ID=linuxmint\nID_LIKE="ubuntu debian"\n'))).toBeDefined();
});

describe('Ubuntu’s archive', () => {
  const choose = (...lines: string[]) =>
    choosePackages(packageNames(ubuntu('x', 'x'))!, parseMadison(lines.join('\n')));

  test('has 8.4 under its own name', () => {
    const chosen = choose(
      'mysql-server-core-8.4 | 8.4.7-0ubuntu0.25.04.2 | http://archive.example/ubuntu plucky-updates/main amd64 Packages',
      'mysql-server-core-8.4 | 8.4.4-0ubuntu2 | http://archive.example/ubuntu plucky/main amd64 Packages',
      'mysql-client-core-8.4 | 8.4.7-0ubuntu0.25.04.2 | http://archive.example/ubuntu plucky-updates/main amd64 Packages',
    );
    expect(chosen).toEqual({ packages: ['mysql-server-core-8.4', 'mysql-client-core-8.4'] });
  });

  test('may have it under no number', () => {
    const chosen = choose('mysql-server-core | 9.7.1-1 | x', 'mysql-client-core | 1:9.7.1-1 | x');
    expect(chosen).toEqual({ packages: ['mysql-server-core', 'mysql-client-core'] });
  });

  test('has only 8.0 in older releases, which is said', () => {
    const chosen = choose('mysql-server-core-8.0 | 8.0.44-0ubuntu0.24.04.1 | x', 'mysql-client-core-8.0 | 8.0.44 | x');
    expect(chosen).toEqual({ packages: undefined, tooOld: '8.0.44' });
    expect(choose('mysql-server-core | 8.0.44 | x', 'mysql-client-core | 8.0.44 | x')).toMatchObject({
      tooOld: '8.0.44',
    });
  });

  test('has nothing by half', () => {
    expect(choose('mysql-server-core-8.4 | 8.4.7 | x')).toEqual({ packages: undefined, tooOld: undefined });
    expect(choose('')).toEqual({ packages: undefined, tooOld: undefined });
  });
});
