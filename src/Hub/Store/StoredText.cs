using System.Collections.Concurrent;
using System.Data;
using System.Reflection;
using System.Runtime.CompilerServices;
using Dapper;

namespace Crm.Integration.Hub.Store;

/// <summary>For an engine that cannot keep every text as it is: turns texts on their way into the database, and back on their way out.</summary>
internal static class StoredText
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> s_texts = new();

    /// <summary>A row as it was before it was stored.</summary>
    public static T? Read<T>(StoreEngine engine, T? row)
    {
        switch (row)
        {
            case null:
                return row;
            case string text:
                return (T)(object)engine.FromStored(text);
            case ITuple:
                return (T)Tuple(engine, row);
        }

        foreach (var property in s_texts.GetOrAdd(row.GetType(), Texts))
        {
            if (property.GetValue(row) is string text && engine.FromStored(text) is var restored && !ReferenceEquals(restored, text))
                property.SetValue(row, restored);
        }

        return row;
    }

    private static object Tuple(StoreEngine engine, object tuple)
    {
        foreach (var field in tuple.GetType().GetFields())
        {
            if (field.GetValue(tuple) is string text)
                field.SetValue(tuple, engine.FromStored(text));
        }

        return tuple;
    }

    private static PropertyInfo[] Texts(Type type) =>
        type.IsPrimitive ? [] : [.. type.GetProperties().Where(property => property.PropertyType == typeof(string) && property.CanWrite && property.GetIndexParameters().Length == 0)];

    /// <summary>The parameters of a statement, their texts as they are stored.</summary>
    public sealed class Parameters(StoreEngine engine, object parameters) : SqlMapper.IDynamicParameters
    {
        private readonly DynamicParameters _parameters = new(parameters);

        public void AddParameters(IDbCommand command, SqlMapper.Identity identity)
        {
            ((SqlMapper.IDynamicParameters)_parameters).AddParameters(command, identity);
            foreach (IDbDataParameter parameter in command.Parameters)
            {
                if (parameter.Value is string text)
                    parameter.Value = engine.ToStored(text);
            }
        }
    }
}
