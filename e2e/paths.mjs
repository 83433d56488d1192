// The pages that have an address of their own, by who can see them.

export const everybody = [
  '/', '/groups', '/help', '/help/GB', '/safety', '/rules', '/about', '/about/federation', '/about/privacy',
  '/report', '/report/receipt', '/join', '/join/receipt', '/leave/receipt', '/left/done', '/sign-in', '/nothing-here',
]
export const members = [
  '/home', '/notices', '/drafts', '/groups/new', '/groups/asked',
  '/me', '/me/settings', '/me/about', '/me/password', '/me/devices', '/me/consents', '/me/export', '/me/leave',
]
export const admins = [
  '/mod', '/mod/held', '/mod/log', '/admin', '/admin/site', '/admin/registration', '/admin/invitations', '/admin/people', '/admin/groups',
  '/admin/federation', '/admin/federation/instances', '/admin/federation/instances/nowhere.example', '/admin/federation/why', '/admin/helplines',
]

// missing is where a page is meant to be answered with another status than 200.
export const missing = { '/nothing-here': 404 }
