import { detect } from 'detect-port';

/**
 * The first port from `preferred` on that nothing on this machine's loopback listens on, or any
 * free one where the ten behind it are taken too; 0 takes any.
 */
export async function freePort(preferred: number): Promise<number> {
	return await detect({ port: preferred, hostname: '127.0.0.1' });
}
