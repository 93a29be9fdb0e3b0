import type { IWebhookFunctions } from 'n8n-workflow';
import { nodeKey } from '../nodeKey';
import { prepare, type Prepared } from '../prepare';
import { typesFor } from './changes';
import { pairKey } from './plan';
import { open, sinkKey, type SealedSubscription, type SinkKey } from './sink';
import { bindingOf } from './watchedNode';

/** What requests to one node are checked with. */
interface Checked {
	readonly key: SinkKey;
	/** Of the credential as it was before, for events on their way. */
	readonly earlier: { readonly key: SinkKey; readonly until: number } | undefined;
	readonly prepared: Prepared;
	/** Keys of pairs. */
	readonly wanted: ReadonlySet<string>;
}

interface Reading {
	/** ms since the epoch. */
	readonly readAt: number;
	/** The node's fields and credential, as the workflow has them. */
	readonly written: string;
	readonly checked: Promise<Checked>;
	hasFailed?: true;
}

/** A credential that was changed is noticed within this time (ms), or by a request that it refuses. */
const READ_EVERY = 60_000;
/** Requests that are refused cause a reading this often (ms), at most. */
const READ_AFTER_REFUSAL = 1000;
/** Within this time (ms), the clock replaces the subscriptions of a credential that was changed. */
const EARLIER_KEY = 180_000;
/** Nodes. */
const MAX_READINGS = 1000;

const readings = new Map<string, Reading>();

/** @returns `undefined` if the text of a sink was not sealed by this node */
export async function unsealed(
	context: IWebhookFunctions,
	written: string,
): Promise<(Checked & { readonly sealed: SealedSubscription }) | undefined> {
	const binding = bindingOf(context, context.getMode() === 'manual');
	const tryWith = (checked: Checked) => {
		const { key, earlier } = checked;
		const sealed = open(written, key, binding);
		if (sealed) return { ...checked, sealed };
		const before = earlier && earlier.until > Date.now() && open(written, earlier.key, binding);
		return before ? { ...checked, key: earlier.key, sealed: before } : undefined;
	};
	return (
		tryWith(await checkedFor(context, READ_EVERY)) ??
		tryWith(await checkedFor(context, READ_AFTER_REFUSAL))
	);
}

/** @param maxAge ms */
async function checkedFor(context: IWebhookFunctions, maxAge: number): Promise<Checked> {
	const node = nodeKey(context);
	const { parameters, credentials } = context.getNode();
	const written = JSON.stringify([parameters, credentials]);
	const known = readings.get(node);
	const lastsFor = known?.hasFailed ? READ_AFTER_REFUSAL : maxAge;
	if (known?.written === written && known.readAt + lastsFor > Date.now())
		return await known.checked;
	const checked = readChecked(context, known);
	const reading: Reading = { readAt: Date.now(), written, checked };
	checked.catch(() => (reading.hasFailed = true));
	readings.delete(node);
	readings.set(node, reading);
	const [oldest = ''] = readings.keys();
	if (readings.size > MAX_READINGS) readings.delete(oldest);
	return await checked;
}

async function readChecked(context: IWebhookFunctions, known?: Reading): Promise<Checked> {
	const before = await known?.checked.catch(() => undefined);
	const prepared = await prepare(context);
	const { application, devices, changes, isByEvents } = prepared;
	const key = await sinkKey(application.fingerprint);
	const earlier =
		before && before.key !== key
			? { key: before.key, until: Date.now() + EARLIER_KEY }
			: before?.earlier;
	const types = isByEvents ? typesFor(changes) : [];
	const wanted = devices.flatMap((device) => types.map((type) => pairKey({ device, type })));
	return { key, earlier, prepared, wanted: new Set(wanted) };
}
