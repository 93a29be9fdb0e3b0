import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import axios from 'axios';
import type { ApplicationName, Credentials } from './applications';
import type { SubscriptionState } from './control';
import type { DeviceState } from './devices';
import type { Exchange } from './exchanges';
import type { Oddities } from './oddities';
import type { BaseUrls } from './operators';
import type { Sandbox } from './sandbox';
import type { Polling } from './settings';
import type { Statistics } from './statistics';
import type { RoamingStatus } from './subscribers';
import type { Delivery } from './subscriptions/deliveries';
import type { SubscriptionSettings } from './subscriptions/settings';
import type { TerminationReason } from './subscriptions/subscriptions';

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
	/** Forgets exchanges and deliveries, and puts all devices back. */
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
	/**
	 * Moves a device, which sends the events of its subscriptions: to a country (ISO 3166-1 alpha-2), to
	 * any status, or with `{}` back to where its last character says.
	 */
	move(identifier: string, to: { country: string } | RoamingStatus | object): Promise<void>;
	/** The devices that were moved, are subscribed to, or were asked about lately. */
	devices(): Promise<DeviceState[]>;
	/** All subscriptions, those that have ended lately included. */
	subscriptions(): Promise<SubscriptionState[]>;
	/** Sets how coming requests about subscriptions are answered; `{}` resets it. */
	setSubscriptions(settings: Partial<SubscriptionSettings>): Promise<void>;
	/** Sends the latest event of a subscription once more, with the same id. */
	redeliver(subscriptionId: string): Promise<void>;
	/** Ends a subscription with an event that tells the reason, or without an event. */
	endSubscription(subscriptionId: string, terminationReason?: TerminationReason): Promise<void>;
	/** Forgets all subscriptions without an event, and abandons what is on its way. */
	forgetSubscriptions(): Promise<void>;
	/** The latest 1,000 events that were sent to sinks, with all attempts. */
	deliveries(): Promise<Delivery[]>;
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
		forget: async () => {
			for (const kept of ['exchanges', 'deliveries', 'devices']) await control.delete(kept);
		},
		statistics: async () => (await control.get<Statistics>('statistics')).data,
		forgetStatistics: async () => void (await control.delete('statistics')),
		setLatency: async (ms) => void (await control.put('latency', { ms })),
		setPolling: async (polling) => void (await control.put('polling', polling)),
		setAccessTokenLifetime: async (accessTokenS) =>
			void (await control.put('lifetimes', { accessTokenS })),
		setRate: async (requestsPerSecond) => void (await control.put('rate', { requestsPerSecond })),
		setOddities: async (oddities) => void (await control.put('oddities', oddities)),
		move: async (identifier, to) =>
			void (await control.put(`devices/${encodeURIComponent(identifier)}`, to)),
		devices: async () => (await control.get<DeviceState[]>('devices')).data,
		subscriptions: async () => (await control.get<SubscriptionState[]>('subscriptions')).data,
		setSubscriptions: async (settings) => void (await control.put('subscriptions', settings)),
		redeliver: async (id) => void (await control.post(`subscriptions/${id}/redeliver`)),
		endSubscription: async (id, terminationReason) =>
			void (await control.post(`subscriptions/${id}/end`, { terminationReason })),
		forgetSubscriptions: async () => void (await control.delete('subscriptions')),
		deliveries: async () => (await control.get<Delivery[]>('deliveries')).data,
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
