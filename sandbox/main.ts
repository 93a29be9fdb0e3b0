/** `npm run sandbox -- [--port 8480] [--latency 0]`: the operators as a program. */
import { parseArgs } from 'node:util';
import {
	operators as operatorsOfTheForm,
	withChoice,
	type Operator as OperatorOfTheForm,
} from '../nodes/OpenGateway/operators';
import { applications } from './applications';
import { authorizationBaseUrlAt, type BaseUrls, type OperatorName, operators } from './operators';
import type { Operator } from './operators/operation';
import { startSandbox } from './sandbox';
import { landline, subscribers } from './subscribers';

const USAGE = 'npm run sandbox -- [--port 8480] [--latency 0]';

function options(): { port: number; latencyMs: number } {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '8480' },
			latency: { type: 'string', default: '0' },
		},
	});
	return {
		port: whole(values.port, '--port', 65_535),
		latencyMs: whole(values.latency, '--latency', 60_000),
	};
}

function whole(text: string, flag: string, most: number): number {
	const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
	if (!(value <= most)) throw new Error(`${flag} takes a whole number from 0 to ${most}`);
	return value;
}

function fail(message: string): never {
	console.error(message);
	process.exit(1);
}

async function main(): Promise<void> {
	// `disconnect`: the process that started this one has ended.
	for (const end of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(end, () => process.exit(0));

	let wanted;
	try {
		wanted = options();
	} catch (error) {
		fail(`${(error as Error).message}\nUsage: ${USAGE}`);
	}

	const sandbox = await startSandbox(wanted).catch((error: NodeJS.ErrnoException) =>
		fail(
			error.code === 'EADDRINUSE'
				? `Port ${wanted.port} is in use; choose another with --port, or any free one with --port 0.`
				: `The sandbox could not start: ${error.message}`,
		),
	);

	const { origin, baseUrls } = sandbox;
	const { secretPost, privateKey, jwtBearer } = applications;
	console.log(`${Object.keys(operators).length} operators are listening on this machine, and on nothing else.

${Object.entries(operators).map(credentialFor(baseUrls)).join('\n\n')}

Other ways in, where there is a Client ID:
  Client Secret (Post)  ${secretPost.clientId}, ${secretPost.clientSecret}
  Private Key JWT       ${privateKey.clientId}, Key ID rsa or ec
  JWT Bearer            ${jwtBearer.clientId}, Key ID rsa or ec
  Private keys, new ones at every start: ${origin}/sandbox/keys/rsa.pem and ec.pem

A device is known by the last character of its phone number, IP address or external ID:

${subscribers.map(({ ending, description }) => `  …${ending}  ${description}`).join('\n')}

${landline.beginning}… ${landline.description}.

Move devices, and see the events that follow:  ${origin}/sandbox/
What your workflow sent:  GET ${origin}/sandbox/exchanges
Ctrl-C ends it.`);

	process.send?.({ origin, baseUrls });
}

/** What a credential for an operator takes, one field a line. */
const credentialFor =
	(baseUrls: BaseUrls) =>
	([name, operator]: [string, Operator]): string => {
		const { authorization, credential } = operator;
		const baseUrl = baseUrls[name as OperatorName];
		const { displayName, offers } = ofTheForm(name as OperatorName);
		const authorizationBaseUrl = authorizationBaseUrlAt(
			new URL(baseUrl).origin,
			name as OperatorName,
		);
		const { clientId, clientSecret } = applications.roaming;
		const fields = {
			'Base URL': baseUrl,
			...(authorizationBaseUrl && { 'Authorization Base URL': authorizationBaseUrl }),
			...(authorization?.discovery && {
				'Discovery URL': `${baseUrl}/.well-known/openid-configuration`,
			}),
			...(authorization && {
				'Client ID': clientId,
				'Client Secret': clientSecret,
			}),
			...(authorization &&
				offers.grants.accessToken && {
					'Access Token': `${authorization.fixedToken}  (instead of ID and secret)`,
				}),
			...credential,
		};
		const lines = Object.entries(fields).map(([field, value]) => `  ${field.padEnd(22)}  ${value}`);
		return [displayName, ...lines].join('\n');
	};

/** An operator as the form has it. */
function ofTheForm(name: OperatorName): { displayName: string; offers: OperatorOfTheForm } {
	if (name !== 'orangeLab') {
		const offers = operatorsOfTheForm[name];
		return { displayName: offers.displayName, offers };
	}
	const { orange } = operatorsOfTheForm;
	return {
		displayName: `${orange.displayName}, ${orange.choice?.displayName} Lab`,
		offers: withChoice(orange, 'lab'),
	};
}

void main();
