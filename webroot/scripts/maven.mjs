// What Maven calls: `install` and `build` do nothing when nothing they depend on has changed since they last succeeded.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [task, out] = process.argv.slice(2);
const root = path.resolve(import.meta.dirname, '..');
const CONFIG = ['package.json', 'package-lock.json', '.npmrc'];

function filesIn(entry) {
  const absolute = path.join(root, entry);
  if (!statSync(absolute).isDirectory()) return [entry];
  return readdirSync(absolute).sort().flatMap((name) => filesIn(path.join(entry, name)));
}

function fingerprint(entries) {
  const hash = createHash('sha256').update(process.version);
  for (const file of entries.flatMap(filesIn)) hash.update(`${file}\0`).update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

function once(stamp, entries, proof, args, env) {
  const now = fingerprint(entries);
  if (existsSync(proof) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
    console.log(`webroot: ${task} is up to date`);
    return;
  }
  // A shell, because npm is a script of another name on Windows.
  const { status } = spawnSync(`npm ${args}`, { cwd: root, env: { ...process.env, ...env }, shell: true, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

if (task === 'install') {
  const modules = path.join(root, 'node_modules');
  once(path.join(modules, '.installed'), CONFIG, path.join(modules, '.package-lock.json'), 'ci --no-audit --no-fund');
} else if (task === 'build' && out !== undefined) {
  const inputs = [...CONFIG, 'index.html', 'public', 'src', 'test', 'tsconfig.json', 'vite.config.ts'];
  once(path.join(root, 'target', 'built'), inputs, path.join(out, 'index.html'), 'run build', { TALLYSTICK_WEB_OUT: out });
} else {
  console.error('usage: maven.mjs install | build DIRECTORY');
  process.exit(2);
}
