import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Telefónica's document is not part of this repository: `OPEN_GATEWAY_SPECS` names its folder. */
const DOCUMENT = resolve(
	join(__dirname, '..', '..'),
	process.env.OPEN_GATEWAY_SPECS ?? '../shared/specs',
	'telefonica/devicestatus_openapi.yaml',
);

/** The patterns of a schema of the document, in their order; none if the document is absent. */
export function operatorsPatterns(schema: string): RegExp[] {
	if (!existsSync(DOCUMENT)) {
		console.warn(`SKIPPED: ${schema} is not checked against the operator's document ${DOCUMENT}.`);
		return [];
	}
	const [, , lines = ''] =
		new RegExp(`^( *)${schema}:\\n((?:\\1 .*\\n)+)`, 'm').exec(readFileSync(DOCUMENT, 'utf8')) ??
		[];
	const patterns = [...lines.matchAll(/pattern: '(.*)'$/gm)];
	if (patterns.length === 0) throw new Error(`${DOCUMENT} has no pattern for ${schema}`);
	return patterns.map(([, pattern = '']) => new RegExp(pattern));
}
