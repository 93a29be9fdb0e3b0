import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import axios from 'axios';

import type { Exchange } from '../../sandbox/exchanges';

/** The sandbox in a process of its own, as `npm run sandbox` starts it. */
export interface RunningSandbox {
	/** What a credential takes, e.g. `http://127.0.0.1:40001/apigateway`. */
	readonly baseUrl: string;
	/** What came in and went out since the start, or since `forget()`: the latest 10,000. */
	exchanges(): Promise<Exchange[]>;
	forget(): Promise<void>;
	/** From now on every answer comes `ms` later. */
	setLatency(ms: number): Promise<void>;
	/** Ends it in order; resolves when it is gone. */
	stop(): Promise<void>;
	/** Ends it abruptly, connections and all; resolves when it is gone. */
	kill(): Promise<void>;
}

const root = join(__dirname, '..', '..');

/** Starts a sandbox on a free port. It ends with the process that started it, at the latest. */
export async function startSandbox({ latencyMs = 0 } = {}): Promise<RunningSandbox> {
	const child = fork(
		join(root, 'sandbox', 'main.ts'),
		['--port', '0', '--latency', String(latencyMs)],
		{ cwd: root, execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
	);
	const baseUrl = await ready(child);
	const control = axios.create({ baseURL: new URL('/sandbox/', baseUrl).href, proxy: false });

	async function gone(end: () => void): Promise<void> {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const exited = once(child, 'exit');
		end();
		await exited;
	}

	return {
		baseUrl,
		exchanges: async () => (await control.get<Exchange[]>('exchanges')).data,
		forget: async () => void (await control.delete('exchanges')),
		setLatency: async (ms) => void (await control.put('latency', { ms })),
		stop: () => gone(() => child.kill('SIGTERM')),
		kill: () => gone(() => child.kill('SIGKILL')),
	};
}

async function ready(child: ChildProcess): Promise<string> {
	const [message] = (await Promise.race([
		once(child, 'message'),
		once(child, 'exit').then(() => {
			throw new Error('The sandbox ended before it was ready');
		}),
	])) as [{ baseUrl: string }];
	return message.baseUrl;
}
