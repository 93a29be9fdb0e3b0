import { detect } from 'detect-port';

/**
 * The first free port of the loopback from `preferred` on, or any free port if the next ten are in
 * use, too; 0 takes any.
 */
export async function freePort(preferred: number): Promise<number> {
	return await detect({ port: preferred, hostname: '127.0.0.1' });
}
