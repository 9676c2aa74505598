import { describe, expect, it } from 'vitest'
import { pictureSize } from '../../src/files/picture-size.ts'
import { pictureEnding, sniff } from '../../src/files/sniff.ts'
import { jpeg, mp4, pdf, png, webp } from './pictures.ts'

const text = (words: string): Buffer => Buffer.from(words, 'latin1')
const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const archive = (name: string): Buffer =>
  Buffer.concat([
    bytes('504b0304 1400 0000 0800 0000 0000 00000000 00000000 00000000'),
    Buffer.from([name.length, 0, 0, 0]),
    text(name),
  ])

describe('the first bytes', () => {
  it.each([
    ['a photo', jpeg(4, 3), 'image/jpeg'],
    ['a drawing', png(4, 3), 'image/png'],
    ['a photo of a newer kind', webp('VP8 ', 4, 3), 'image/webp'],
    ['an animation', text('GIF89a......'), 'image/gif'],
    ['a photo of an iPhone', text('....ftypheic'), 'image/heic'],
    ['a video', mp4, 'video/mp4'],
    ['a video of an iPhone', text('....ftypqt  '), 'video/quicktime'],
    ['a video of a browser', bytes('1a45dfa3 93'), 'video/webm'],
    ['a voice message', text('....ftypM4A '), 'audio/mp4'],
    ['a voice message of an old phone', text('#!AMR\n'), 'audio/amr'],
    ['a sound with a tag', text('ID3....'), 'audio/mpeg'],
    ['a sound without', bytes('fffb 9044'), 'audio/mpeg'],
    ['a sound in frames', bytes('fff1 5080'), 'audio/mpeg'],
    ['a document', pdf, 'application/pdf'],
    ['a document of Word', archive('[Content_Types].xml'), 'application/vnd.openxmlformats-officedocument'],
    ['an old document of Word', bytes('d0cf11e0a1b11ae1 00'), 'application/msword'],
  ])('of %s', (_what, head, mediaType) => expect(sniff(head)?.mediaType).toBe(mediaType))

  it.each([
    ['a page', text('<!DOCTYPE html><script>')],
    ['a drawing that can run', text('<svg xmlns="http://www.w3.org/2000/svg">')],
    ['a program of Windows', text('MZ....')],
    ['a program of Linux', bytes('7f454c46')],
    ['a script', text('#!/bin/sh\n')],
    ['an archive', archive('photo.jpg')],
    ['an archive whose name only begins alike', archive('wordy.txt')],
    ['plain words', text('Kính gửi')],
    ['words of Windows', bytes('fffe 4b00')],
    ['a sound that is none', bytes('ffff ffff')],
    ['something cut short', bytes('ff')],
    ['nothing', Buffer.alloc(0)],
  ])('of %s are not kept', (_what, head) => expect(sniff(head)).toBeNull())

  it('only of pictures that a phone shows have an ending', () => {
    expect(
      ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/heic', 'video/mp4'].map(pictureEnding),
    ).toEqual(['jpg', 'png', 'webp', null, null, null])
  })
})

describe('the size of a picture', () => {
  it.each([
    ['a photo', jpeg(4_032, 3_024), 'image/jpeg', { width: 4_032, height: 3_024 }],
    ['a drawing', png(640, 480), 'image/png', { width: 640, height: 480 }],
    ['a newer photo', webp('VP8 ', 1_600, 1_200), 'image/webp', { width: 1_600, height: 1_200 }],
    ['a newer drawing', webp('VP8L', 1_600, 1_200), 'image/webp', { width: 1_600, height: 1_200 }],
    ['one with extras', webp('VP8X', 16_000, 12_000), 'image/webp', { width: 16_000, height: 12_000 }],
  ])('is read from %s', (_what, data, mediaType, size) => expect(pictureSize(data, mediaType)).toEqual(size))

  it.each([
    ['a photo that ends too early', jpeg(4, 3).subarray(0, 900), 'image/jpeg'],
    ['a photo without a frame', bytes('ffd8 ffda 0002 00'), 'image/jpeg'],
    ['a photo that is none inside', bytes('ffd8 00'), 'image/jpeg'],
    ['a drawing that ends too early', png(4, 3).subarray(0, 18), 'image/png'],
    ['a drawing of no size', png(0, 0), 'image/png'],
    ['an unknown kind of its format', text('RIFF....WEBPVP9 ....'), 'image/webp'],
    ['a video', mp4, 'video/mp4'],
  ])('is not there in %s', (_what, data, mediaType) => expect(pictureSize(data, mediaType)).toBeNull())
})
