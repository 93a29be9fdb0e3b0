import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import axios from 'axios';
import type { ApplicationName, Credentials } from './applications';
import type { Exchange } from './exchanges';
import type { BaseUrls } from './operators';
import type { Sandbox } from './sandbox';
import type { Polling } from './settings';
import type { Statistics } from './statistics';

/** The sandbox in a process of its own, as `npm run sandbox` starts it. */
export interface RunningSandbox {
	/** e.g. `http://127.0.0.1:40001`. */
	readonly origin: string;
	/** What a credential takes, e.g. `http://127.0.0.1:40001/apigateway` for Telefónica. */
	readonly baseUrls: BaseUrls;
	/** What credentials for the registered applications take, private keys and all. */
	applications(): Promise<Record<ApplicationName, Credentials>>;
	/** What came in and went out since the start, or since `forget()`: the latest 10,000. */
	exchanges(): Promise<Exchange[]>;
	forget(): Promise<void>;
	/** Counts of all that came in since the start, or since `forgetStatistics()`. */
	statistics(): Promise<Statistics>;
	forgetStatistics(): Promise<void>;
	/** From now on every answer comes `ms` later. */
	setLatency(ms: number): Promise<void>;
	/** How the next authorization requests of the backend flow are polled; `{}`: as at the start. */
	setPolling(polling: Partial<Polling>): Promise<void>;
	/** How long access tokens issued from now on are good for; undefined: as at the start. */
	setAccessTokenLifetime(accessTokenS?: number): Promise<void>;
	/** How many requests are answered in any one second, the rest with 429; undefined: all. */
	setRate(requestsPerSecond?: number): Promise<void>;
	/** Ends it in order; resolves when it is gone. */
	stop(): Promise<void>;
	/** Ends it abruptly, connections and all; resolves when it is gone. */
	kill(): Promise<void>;
}

const ROOT = join(__dirname, '..');

/** Starts a sandbox on a free port. It ends with the process that started it, at the latest. */
export async function startSandbox({ latencyMs = 0 } = {}): Promise<RunningSandbox> {
	const child = fork(
		join(ROOT, 'sandbox', 'main.ts'),
		['--port', '0', '--latency', String(latencyMs)],
		{ cwd: ROOT, execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
	);
	const urls = await ready(child);
	const control = axios.create({ baseURL: `${urls.origin}/sandbox/`, proxy: false });

	async function gone(end: () => void): Promise<void> {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const exited = once(child, 'exit');
		end();
		await exited;
	}

	return {
		...urls,
		applications: async () =>
			(await control.get<Record<ApplicationName, Credentials>>('applications')).data,
		exchanges: async () => (await control.get<Exchange[]>('exchanges')).data,
		forget: async () => void (await control.delete('exchanges')),
		statistics: async () => (await control.get<Statistics>('statistics')).data,
		forgetStatistics: async () => void (await control.delete('statistics')),
		setLatency: async (ms) => void (await control.put('latency', { ms })),
		setPolling: async (polling) => void (await control.put('polling', polling)),
		setAccessTokenLifetime: async (accessTokenS) =>
			void (await control.put('lifetimes', { accessTokenS })),
		setRate: async (requestsPerSecond) => void (await control.put('rate', { requestsPerSecond })),
		stop: () => gone(() => child.kill('SIGTERM')),
		kill: () => gone(() => child.kill('SIGKILL')),
	};
}

type Urls = Omit<Sandbox, 'close'>;

async function ready(child: ChildProcess): Promise<Urls> {
	const [message] = (await Promise.race([
		once(child, 'message'),
		once(child, 'exit').then(() => {
			throw new Error('The sandbox ended before it was ready');
		}),
	])) as [Urls];
	return message;
}
