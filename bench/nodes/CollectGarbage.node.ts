import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Leaves n8n with what it needs: the memory that a run then takes is its own. */
export class CollectGarbage implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Collect Garbage',
		name: 'collectGarbage',
		group: ['input'],
		version: 1,
		description: 'Frees what earlier runs have left behind in n8n',
		defaults: { name: 'Collect Garbage' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		collectGarbage();
		return [this.getInputData()];
	}
}
