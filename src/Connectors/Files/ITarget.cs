using System.Text;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Files;

/// <summary>A file that is being brought up to date: its rows one by one, and how new ones are written.</summary>
internal interface ITarget : IDisposable
{
    /// <summary>The encoding of the file, with or without its byte order mark.</summary>
    Encoding Encoding { get; }

    /// <summary>The key of the row just read, or null when it has none; such a row stays as it is.</summary>
    string? Key { get; }

    /// <summary>The line of the row just read.</summary>
    long Line { get; }

    /// <summary>Goes to the next row that exists.</summary>
    bool Read();

    /// <summary>Whether a write changes the row just read.</summary>
    bool Differs(SpooledWrite write);

    /// <summary>Writes what stands before the rows.</summary>
    void WriteHead(TextWriter output);

    /// <summary>Writes the row just read as it is.</summary>
    void WriteAsIs(TextWriter output);

    /// <summary>Writes the row just read with the fields that a write changes.</summary>
    void WriteChanged(TextWriter output, SpooledWrite write);

    /// <summary>Writes a row that did not exist.</summary>
    void WriteNew(TextWriter output, SpooledWrite write);
}

/// <summary>How files of a format are written.</summary>
internal interface ITargetFormat : IFileFormat
{
    /// <summary>Starts to read a file that is to be written anew.</summary>
    /// <param name="existing">The file as it is, or null when there is none.</param>
    /// <param name="request">What is pushed.</param>
    ITarget Open(TextFile? existing, PushRequest request);

    /// <summary>A value as the format writes it, before quoting.</summary>
    string Cell(Value value);
}
