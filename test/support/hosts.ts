/** `Host` headers under which a browser on this machine reaches it by itself; `{port}` is its port. */
export const LOOPBACK_HOSTS = [
	...['127.0.0.1:{port}', 'localhost:{port}', 'LOCALHOST:{port}', '[::1]:{port}', '127.0.0.2'],
];

/** `Host` headers of a web page whose name its owner has pointed to this machine (DNS rebinding). */
export const FOREIGN_HOSTS = [
	...['rebound.example.com', 'rebound.example.com:{port}', '127.0.0.1.example.com', '127.example'],
	...['localhost.example.com:{port}', 'example-localhost', 'localhost@example.com', '[::2]:{port}'],
	...['me@127.0.0.1:{port}', '127.0.0.1:{port}, example.com', '10.0.0.1:{port}'],
];

export const hostAt = (host: string, origin: string) =>
	host.replace('{port}', new URL(origin).port);
