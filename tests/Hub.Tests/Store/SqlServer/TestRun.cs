using System.Reflection;

namespace Crm.Integration.Hub.Tests.Store.SqlServer;

/// <summary>Runs the tests of a class one after the other, inside of another test.</summary>
internal static class TestRun
{
    public static async Task AllOfAsync(Type type)
    {
        foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => method.GetCustomAttribute<FactAttribute>() is { Skip: null }).OrderBy(method => method.Name, StringComparer.Ordinal))
        {
            foreach (var arguments in ArgumentsOf(method))
            {
                var instance = Activator.CreateInstance(type)!;
                try
                {
                    if (method.Invoke(instance, arguments) is Task task)
                        await task;
                }
                finally
                {
                    if (instance is IAsyncDisposable later)
                        await later.DisposeAsync();
                    else
                        (instance as IDisposable)?.Dispose();
                }
            }
        }
    }

    private static IEnumerable<object?[]> ArgumentsOf(MethodInfo method) => method.GetParameters().Length == 0 ? [[]] :
        method.GetCustomAttributes<InlineDataAttribute>().Select(line => line.Data
            .Select((value, i) => value is null || method.GetParameters()[i].ParameterType.IsInstanceOfType(value) ? value : Convert.ChangeType(value, method.GetParameters()[i].ParameterType, System.Globalization.CultureInfo.InvariantCulture))
            .ToArray());
}
