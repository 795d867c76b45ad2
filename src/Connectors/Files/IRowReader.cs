using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Files;

/// <summary>The rows of one open file, in its order.</summary>
internal interface IRowReader : IDisposable
{
    /// <summary>The names of the values.</summary>
    Shape Shape { get; }

    /// <summary>What the user should hear about the file; grows while reading.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>How the rows are written, in words: delimiter and quote. Null where a format leaves no choice.</summary>
    string? Dialect => null;

    /// <summary>The next row, or null at the true end of the file.</summary>
    /// <exception cref="ConnectorException">The rest of the file cannot be read.</exception>
    SourceRow? Read();
}

/// <summary>What the rows of a file look like: the difference between the connectors of this room.</summary>
internal interface IFileFormat
{
    /// <summary>Whether a file says in front which fields its rows have, so that a map that reads another one is mistaken.</summary>
    bool HasHeader { get; }

    /// <summary>Starts to read a file's rows.</summary>
    /// <param name="file">The file; stays the caller's.</param>
    /// <param name="shape">Where the names go; may hold those of other files.</param>
    IRowReader Read(TextFile file, Shape shape);
}
