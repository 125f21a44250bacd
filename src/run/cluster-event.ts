import type { MasterEvent } from '../cluster/master-event.js';
import type { PilotEvent } from '../providers/pilot-event.js';
import { unreachable } from '../lib/unreachable.js';
import { formatCounted } from '../report/format.js';
import type { NoticeCode, RunEvent } from '../report/event.js';
import type { Task } from '../task/task.js';

/** What master and providers tell while tasks are handed out. */
export type ClusterEvent = MasterEvent | PilotEvent;

/** How a task is called in events. */
export interface TaskNames {
  readonly output: string;
  readonly source: string;
  readonly set: string;
}

/** What the world is told of an event of the master; `undefined` for what is told elsewhere. */
export function clusterEvent(
  event: ClusterEvent,
  namesOf: (task: Task) => TaskNames,
): RunEvent | undefined {
  switch (event.type) {
    case 'agent-joined':
      return { type: 'agent-joined', agent: event.agent, slots: event.slots };
    case 'agent-left':
      return { type: 'agent-left', agent: event.agent, reason: event.reason };
    case 'agent-paused':
      return warning('AGENT_PAUSED', `${event.agent} gets no more work: ${event.failed.text}`);
    case 'agent-refused':
      return warning('AGENT_REFUSED', `${event.agent} was refused: ${event.reason}`);
    case 'agent-noted':
      return warning('AGENT_NOTED', `${event.agent} ${event.text}`);
    case 'agent-resting':
      return event.reason === undefined
        ? notice('AGENT_RESTING', `${event.agent} takes work again`)
        : notice('AGENT_RESTING', `${event.agent} takes no work: ${event.reason}`);
    case 'tasks-untakable':
      return warning(
        'TASKS_UNTAKABLE',
        `no worker here can make ${formatCounted(event.tasks, 'output')}: ${event.reason}`,
      );
    case 'message-refused':
      return warning('MESSAGE_REFUSED', event.text);
    case 'task-started': {
      const { source, output, set } = namesOf(event.task);
      return { type: 'task-started', source, output, set, worker: event.worker };
    }
    case 'task-requeued': {
      const { worker, reason } = event;
      return { type: 'task-requeued', output: namesOf(event.task).output, worker, reason };
    }
    case 'listening':
      if (event.endpoint.startsWith('ipc:')) return undefined;
      return notice('CLUSTER_LISTENING', `workers can join at ${event.endpoint}`);
    case 'insecure':
      return warning(
        'CLUSTER_INSECURE',
        `whoever can reach ${event.endpoint} can hand in results: cluster.insecure asks for no keys`,
      );
    case 'key-made':
      return notice(
        'KEY_MADE',
        `made the key ${event.file}; workers of other users and machines need one`,
      );
    case 'task-done':
    case 'task-resumed':
      return undefined;
    default:
      return pilotNotice(event);
  }
}

function pilotNotice(event: PilotEvent): RunEvent {
  const { provider } = event;
  switch (event.type) {
    case 'pilots-submitted':
      return notice(
        'PILOTS_SUBMITTED',
        `${provider}: ${formatCounted(event.count, 'worker')} asked for`,
      );
    case 'provider-trouble':
      return warning('PROVIDER_TROUBLE', `${provider}: ${event.text}`);
    case 'provider-given-up':
      return warning('PROVIDER_GIVEN_UP', `${provider} gets no more workers: ${event.text}`);
    case 'pilots-left':
      return warning(
        'PILOTS_LEFT',
        `${provider} did not end ${event.ids.join(', ')}: see \`flac2all workers status --provider ${provider}\``,
      );
    default:
      return unreachable(event);
  }
}

function notice(code: NoticeCode, text: string): RunEvent {
  return { type: 'notice', level: 'info', code, text };
}

function warning(code: NoticeCode, text: string): RunEvent {
  return { type: 'notice', level: 'warning', code, text };
}
