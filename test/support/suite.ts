import type { Exchange } from '../../sandbox/exchanges';
import {
	answerFindings,
	eventFindings,
	isUndocumented,
	openApiDocumentsPresent,
	openApiFindings,
} from './openapi';
import { ODDITY_HEADER } from '../../sandbox/oddities';
import { record } from './recordings';
import { startSandbox, type RunningSandbox } from '../../sandbox/client';

function startedForSuite(): RunningSandbox {
	let sandbox: RunningSandbox;
	beforeAll(async () => {
		sandbox = await startSandbox();
	});
	afterAll(async () => await sandbox.stop());
	return new Proxy({} as RunningSandbox, {
		get: (_, property) => sandbox[property as keyof RunningSandbox],
	});
}

/** A sandbox for the tests of one file; its exchanges are recorded for the audit. */
export function sandboxForSuite(): RunningSandbox {
	const sandbox = startedForSuite();
	beforeAll(async () => {
		const applications = Object.values(await sandbox.applications());
		const pems = applications.flatMap(({ privateKeys }) => Object.values(privateKeys ?? {}));
		record({ kind: 'privateKeys', pems });
	});
	afterEach(async () => {
		const exchanges = await sandbox.exchanges().catch((): Exchange[] => []);
		record({ kind: 'exchanges', exchanges });
		record({ kind: 'deliveries', deliveries: await sandbox.deliveries().catch(() => []) });
		await sandbox.forget().catch(() => undefined);
	});
	return sandbox;
}

/**
 * A sandbox for the tests of one file of its own. By the operators' OpenAPI documents, each of its
 * responses and events has to be valid, and so has each request that it granted, but none that it
 * called invalid.
 */
export function sandboxUnderTest(): RunningSandbox {
	const sandbox = startedForSuite();
	afterEach(async () => {
		const exchanges = await sandbox.exchanges();
		const deliveries = await sandbox.deliveries();
		await sandbox.forget();
		if (!openApiDocumentsPresent) return;
		expect(exchanges.flatMap(answerFindings)).toEqual([]);
		expect(deliveries.flatMap(eventFindings)).toEqual([]);
		expect(exchanges.filter(isGranted).flatMap(openApiFindings)).toEqual([]);
		const invalid = exchanges.filter(isCalledInvalid);
		expect(invalid.filter((exchange) => openApiFindings(exchange)!.length === 0)).toEqual([]);
	});
	return sandbox;
}

/** `requested_expiry` is of CIBA Core (section 7.1), not of the operators' documents. */
const isGranted = ({ status, body, answerHeaders }: Exchange) =>
	((status >= 200 && status < 300) || String(answerHeaders.location).includes('/interaction/')) &&
	!body.includes('requested_expiry');

/**
 * Telefónica's document does not know the correlator, and so forbids none. Nor do documents know the
 * time, by which a lifetime may be out of range or a token expired.
 */
const isCalledInvalid = (exchange: Exchange) =>
	/\/(roaming|retrieve|subscriptions)(\?.*)?$/.test(exchange.path) &&
	exchange.status === 400 &&
	!/"(OUT_OF_RANGE|INVALID_TOKEN)"/.test(exchange.answer) &&
	!exchange.headers['x-correlator'] &&
	!exchange.answerHeaders[ODDITY_HEADER] &&
	!isUndocumented(exchange);

/** The last segment of the path of each request, in their order. */
export async function pathsAsked(sandbox: RunningSandbox): Promise<(string | undefined)[]> {
	return (await sandbox.exchanges()).map(({ path }) => path.split('/').at(-1));
}
