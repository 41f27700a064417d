/// The templates of this folder, embedded in the program when it is built: `files` has the text of each by its path below
/// the folder, such as `page-start.mustache` or `languages/en.txt`.
package enum EmbeddedTexts {}
