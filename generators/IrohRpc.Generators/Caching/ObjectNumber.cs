using System.Runtime.CompilerServices;

namespace IrohRpc.Generators.Caching;

/// <summary>Numbers immutable objects, so that one can be recognised later without being kept alive until then.</summary>
internal static class ObjectNumber
{
    private static readonly ConditionalWeakTable<object, object> Known = new();

    private static long _last;

    public static long Of(object value) => (long)Known.GetValue(value, static _ => Interlocked.Increment(ref _last));
}
