/// The templates of this folder, embedded in the program when it is built: each `.mustache` file is a string named for
/// it, `page-start.mustache` for instance ``pageStart``.
package enum ReportTemplates {}
