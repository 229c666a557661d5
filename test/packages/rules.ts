/** The rules of those who take packages, as far as ours use them: nothing besides is allowed. */
import * as z from 'zod';

const url = z.url();

/** Manifest of an MCP bundle, version 0.3. */
export const MCPB_MANIFEST = z.strictObject({
  manifest_version: z.literal('0.3'),
  name: z.string().min(1),
  display_name: z.string().optional(),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  description: z.string().min(1),
  long_description: z.string().optional(),
  author: z.strictObject({ name: z.string().min(1), email: z.email().optional(), url: url.optional() }),
  repository: z.strictObject({ type: z.string(), url }).optional(),
  homepage: url.optional(),
  documentation: url.optional(),
  support: url.optional(),
  server: z.strictObject({
    type: z.literal('node'),
    entry_point: z.string(),
    mcp_config: z.strictObject({
      command: z.string(),
      args: z.array(z.string()),
      env: z.record(z.string(), z.string()),
    }),
  }),
  tools: z.array(z.strictObject({ name: z.string(), description: z.string() })).min(1),
  tools_generated: z.boolean(),
  prompts_generated: z.boolean(),
  keywords: z.array(z.string()),
  license: z.string(),
  compatibility: z.strictObject({
    platforms: z.array(z.enum(['darwin', 'win32', 'linux'])),
    runtimes: z.strictObject({ node: z.string() }),
  }),
  user_config: z.record(
    z.string().regex(/^[a-z_]+$/),
    z.strictObject({
      type: z.enum(['string', 'number', 'boolean', 'directory', 'file']),
      title: z.string().min(1),
      description: z.string().min(1),
      required: z.boolean(),
      default: z.string().optional(),
      sensitive: z.boolean().optional(),
    }),
  ),
});

/** Entry of the registry of MCP servers, schema 2025-12-11. */
export const SERVER_JSON = z.strictObject({
  $schema: url,
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: z
    .string()
    .max(255)
    .regex(/^\d+\.\d+\.\d+/),
  websiteUrl: url.optional(),
  repository: z.strictObject({ url, source: z.literal('github') }).optional(),
  packages: z
    .array(
      z.strictObject({
        registryType: z.enum(['npm', 'mcpb']),
        identifier: z.string().min(1),
        version: z.string().min(1),
        fileSha256: z
          .string()
          .regex(/^[a-f0-9]{64}$/)
          .optional(),
        runtimeHint: z.string().optional(),
        transport: z.strictObject({ type: z.literal('stdio') }),
        environmentVariables: z
          .array(
            z.strictObject({
              name: z.string().min(1),
              description: z.string().min(1),
              isRequired: z.boolean(),
              isSecret: z.boolean(),
              format: z.enum(['string', 'number', 'boolean', 'filepath']).optional(),
              default: z.string().optional(),
              choices: z.array(z.string()).optional(),
            }),
          )
          .optional(),
      }),
    )
    .min(1),
});
