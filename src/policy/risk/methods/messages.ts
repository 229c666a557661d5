/** Messages and figures that leave the NAS: alerts, mail, exporters. */
import { exposes, loses } from '../finding.ts';
import type { MethodRule, Rule } from '../rule.ts';
import { each, fields, flag, given, identity, setting, tree, whenChanged } from '../rules.ts';

export const MESSAGES: Readonly<Record<string, MethodRule>> = {
  'alertservice.create': {
    risk: 'exposes',
    why: 'alerts go to another host',
    makes: true,
    params: [alertService()],
  },
  'alertservice.test': {
    risk: 'exposes',
    why: 'an alert is sent to another host',
    makes: true,
    params: [alertService()],
  },
  'alertservice.update': {
    risk: 'configuration',
    why: 'where alerts go changes',
    params: [identity, alertService()],
  },
  'alertservice.delete': { risk: 'destroys', why: 'alerts no longer go there', params: [identity] },
  'mail.update': {
    risk: 'configuration',
    why: 'how mail is sent changes',
    params: [
      fields({
        fromname: setting,
        ...each(
          'fromemail outgoingserver port security smtp user pass',
          whenChanged(exposes('mail, alerts among it, goes another way'), setting),
        ),
        oauth: whenChanged(
          exposes('mail, alerts among it, goes another way, or no longer leaves'),
          fields(
            each('provider client_id client_secret refresh_token', given(exposes('mail goes another way'))),
          ),
        ),
      }),
    ],
  },
  'reporting.exporters.create': {
    risk: 'exposes',
    why: 'figures go to another host',
    makes: true,
    params: [exporter()],
  },
  'reporting.exporters.update': {
    risk: 'exposes',
    why: 'figures go to another host',
    params: [identity, exporter()],
  },
  'reporting.exporters.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'figures no longer go to another host',
    params: [identity],
  },
};

function alertService(): Rule {
  const elsewhere = exposes('alerts go to another host');
  return fields({
    name: setting,
    type: whenChanged(elsewhere, setting),
    attributes: tree(
      `type region topic_arn aws_access_key_id aws_secret_access_key host username password database series_name email url
      channel icon_url api_key api_url service_key client_name port v3 community v3_username v3_authkey v3_privkey
      v3_authprotocol v3_privprotocol bot_token chat_ids routing_key`,
      elsewhere,
    ),
    level: whenChanged(loses('alerts of some levels may no longer be told'), setting),
    enabled: flag({ on: elsewhere, off: loses('alerts are no longer told there') }),
  });
}

function exporter(): Rule {
  return fields({
    name: setting,
    enabled: setting,
    attributes: fields(
      each(
        `exporter_type destination_ip destination_port prefix namespace update_every buffer_on_failures
        send_names_instead_of_ids matching_charts`,
        setting,
      ),
    ),
  });
}
