/** How officers speak of what is attached, whatever the platform calls it. */
export type SpokenKind = 'photo' | 'video' | 'voice' | 'animation' | 'file' | 'sticker' | 'link' | 'place' | 'other'

export function spokenKind(kind: string): SpokenKind {
  const known = kinds[kind]
  if (known !== undefined) return known
  if (kind.startsWith('video')) return 'video'
  return kind.startsWith('animated') ? 'animation' : 'other'
}

const kinds: Readonly<Record<string, SpokenKind>> = {
  photo: 'photo',
  image: 'photo',
  doodle: 'photo',
  video: 'video',
  voice: 'voice',
  audio: 'voice',
  gif: 'animation',
  file: 'file',
  sticker: 'sticker',
  link: 'link',
  fallback: 'link',
  share: 'link',
  template: 'link',
  reel: 'link',
  ig_reel: 'link',
  story_mention: 'link',
  location: 'place',
}

/** Whether there is a file behind it that is worth having; a link is a page, a sticker is a word. */
export function isFetched({ kind, url }: { readonly kind: string; readonly url: string | null }): boolean {
  return url !== null && ['photo', 'video', 'voice', 'animation', 'file'].includes(spokenKind(kind))
}
