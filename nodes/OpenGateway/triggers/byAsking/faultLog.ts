import type { ITriggerFunctions } from 'n8n-workflow';
import { OpenGatewayError, quoted } from '../../errors';

/** Tells n8n's log why devices have no answer: once for each kind of fault, until it has passed. */
export class FaultLog {
	/** The kinds that the last ask met. */
	#met: ReadonlySet<string> = new Set();

	constructor(
		private readonly context: Pick<ITriggerFunctions, 'logger' | 'getNode' | 'getWorkflow'>,
	) {}

	/**
	 * Notes the faults of one ask.
	 * @param faults one for each device without an answer, or the one that kept the ask from beginning
	 */
	note(faults: readonly unknown[]): void {
		const kinds = new Set(faults.map(kindOf));
		for (const kind of kinds) {
			if (this.#met.has(kind)) continue;
			this.#warn(
				kind,
				faults.filter((fault) => kindOf(fault) === kind),
			);
		}
		this.#met = kinds;
	}

	#warn(kind: string, faults: readonly unknown[]): void {
		const { id: workflowId } = this.context.getWorkflow();
		const { name: nodeName } = this.context.getNode();
		this.context.logger.warn(
			`Devices without an answer keep their last status (${faults.length} × ${kind}): ${inWords(faults[0])}`,
			{ workflowId, nodeName },
		);
	}
}

function kindOf(fault: unknown): string {
	if (fault instanceof OpenGatewayError) return fault.context.code;
	return fault instanceof Error ? fault.name : 'Error';
}

/** Without the device, also masked. */
function inWords(fault: unknown): string {
	if (fault instanceof OpenGatewayError) return fault.summary;
	return fault instanceof Error ? quoted(fault.message) : 'Unknown error';
}
