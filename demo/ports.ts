import { createServer } from 'node:net';

/**
 * The first port from `preferred` on that nothing on this machine's loopback listens on;
 * 0 takes any.
 *
 * @throws {Error} when 100 ports in a row are taken
 */
export async function freePort(preferred: number): Promise<number> {
	for (let port = preferred; port < preferred + 100; port++) {
		const free = await listensOn(port);
		if (free !== undefined) return free;
	}
	throw new Error(`No port from ${preferred} to ${preferred + 99} is free: end what uses them.`);
}

/** The port that could be listened on, or nothing where it is taken or not allowed. */
function listensOn(port: number): Promise<number | undefined> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(undefined));
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
		});
	});
}
