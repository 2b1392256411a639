import { defineEntity } from '@mikro-orm/core'
import { flag, json, key, name, time, whole } from './columns.ts'

export const NodeEntity = defineEntity({
  name: 'Node',
  tableName: 'Nodes',
  properties: {
    nodeId: key('NodeID').primary(),
    nodeName: name('NodeName', 100),
    hostname: name('Hostname', 255),
    ipAddress: name('IPAddress', 64).nullable(),
    port: whole('Port').nullable(),
    nodeGroup: name('NodeGroup', 100).nullable(),
    nodeRole: name('NodeRole', 100).nullable(),
    tags: json<string[]>('Tags'),
    isActive: flag('IsActive'),
    isDraining: flag('IsDraining'),
    lastHeartbeat: time('LastHeartbeat').nullable(),
    incarnation: key('Incarnation').nullable(),
    maxConcurrentTasks: whole('MaxConcurrentTasks'),
    supportedTaskTypes: json<string[]>('SupportedTaskTypes'),
    version: name('Version', 50).nullable(),
    platform: name('Platform', 50).nullable(),
    registeredAt: time('RegisteredAt'),
    registeredBy: name('RegisteredBy', 200).nullable(),
  },
  uniques: [{ name: 'uq_nodes_name', properties: ['nodeName'] }],
  indexes: [
    { name: 'idx_nodes_active', properties: ['isActive'] },
    { name: 'idx_nodes_group', properties: ['nodeGroup'] },
    { name: 'idx_nodes_role', properties: ['nodeRole'] },
  ],
})
