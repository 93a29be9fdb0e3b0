import { execFileSync } from 'node:child_process';

/** Whether packages can be installed without asking anybody. */
export const mayInstallPackages = process.getuid?.() === 0;

/**
 * Installs Debian's packages of these names.
 *
 * @throws {Error} where only root may, or apt-get failed
 */
export function installDebianPackages(...names: string[]): void {
	if (!mayInstallPackages) throw new Error(`Only root may do this: apt install ${names.join(' ')}`);
	for (const args of [
		['update', '-qq'],
		['install', '-qq', '--yes', '--no-install-recommends', ...names],
	]) {
		execFileSync('apt-get', args, { stdio: 'ignore' });
	}
}
