import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import axios from 'axios';
import type { ApplicationName, Credentials } from './applications';
import type { Exchange } from './exchanges';
import type { Oddities } from './oddities';
import type { BaseUrls } from './operators';
import type { Sandbox } from './sandbox';
import type { Polling } from './settings';
import type { Statistics } from './statistics';

/** The sandbox in a process of its own, as `npm run sandbox` starts it. */
export interface RunningSandbox {
	/** e.g. `http://127.0.0.1:40001`. */
	readonly origin: string;
	/** E.g. `http://127.0.0.1:40001/apigateway` for Telefónica. */
	readonly baseUrls: BaseUrls;
	/** The fields of credentials for the applications, private keys included. */
	applications(): Promise<Record<ApplicationName, Credentials>>;
	/** The latest 10,000 exchanges since the start, or since `forget()`. */
	exchanges(): Promise<Exchange[]>;
	forget(): Promise<void>;
	/** Counts of all requests since the start, or since `forgetStatistics()`. */
	statistics(): Promise<Statistics>;
	forgetStatistics(): Promise<void>;
	/** Delays every response from now on. */
	setLatency(ms: number): Promise<void>;
	/** Sets how coming authentication requests (CIBA) are polled; `{}` resets it. */
	setPolling(polling: Partial<Polling>): Promise<void>;
	/** Sets the lifetime of access tokens issued from now on (s); `undefined` resets it. */
	setAccessTokenLifetime(accessTokenS?: number): Promise<void>;
	/** Limits the requests a second, and throttles the rest (HTTP 429); `undefined` lifts the limit. */
	setRate(requestsPerSecond?: number): Promise<void>;
	/** Has devices, by the last character of their identifier, or all (`*`) answered oddly; `{}` ends it. */
	setOddities(oddities: Oddities): Promise<void>;
	/** Stops it in order; resolves when it is gone. */
	stop(): Promise<void>;
	/** Kills it, and breaks its connections; resolves when it is gone. */
	kill(): Promise<void>;
}

const ROOT = join(__dirname, '..');

/** Starts a sandbox on a free port. It ends, at the latest, with the process that started it. */
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
		setOddities: async (oddities) => void (await control.put('oddities', oddities)),
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
