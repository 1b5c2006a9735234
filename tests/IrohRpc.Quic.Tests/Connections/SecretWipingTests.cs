using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Connections;

/// <summary>What a connection keeps of its secrets, and that it is zero once the connection has ended.</summary>
public sealed class SecretWipingTests
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Fact]
    public void Secrets_of_a_connection_that_has_ended_are_wiped_on_both_sides()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Dialled.Core.TryUpdateKeys(pair.Network.Now);
        pair.Run(TimeSpan.FromSeconds(1));
        List<(string Where, Array Bytes)> secrets = [.. Secrets(pair.Dialled.Core), .. Secrets(pair.Accepted.Core)];
        Assert.True(secrets.Count >= 6, string.Join(", ", secrets.Select(static secret => secret.Where)));
        pair.CloseAndCheck();
        Assert.Empty(secrets.Where(static secret => !IsZero(secret.Bytes)).Select(static secret => secret.Where));
    }

    [Fact]
    public void Secrets_of_a_handshake_that_is_given_up_are_wiped()
    {
        using var pair = new SimulatedPair();
        pair.Dial();
        Assert.True(pair.Run(() => pair.Server.Connections.Count > 0));
        List<(string Where, Array Bytes)> secrets = [.. Secrets(pair.Dialled.Core), .. Secrets(pair.Accepted.Core)];
        Assert.NotEmpty(secrets);
        pair.Accepted.Core.Dispose();
        pair.Dialled.Core.Dispose();
        Assert.Empty(secrets.Where(static secret => !IsZero(secret.Bytes)).Select(static secret => secret.Where));
    }

    // Arrays of bytes and integers that hold something, in fields of whatever handles keys: the system's own objects are not looked into.
    private static List<(string Where, Array Bytes)> Secrets(QuicConnection connection)
    {
        List<(string, Array)> found = [];
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var next = new Stack<object>([connection]);
        while (next.TryPop(out object? one))
        {
            if (!seen.Add(one))
            {
                continue;
            }

            if (one is IEnumerable many and not string && one.GetType().Namespace?.StartsWith("System", StringComparison.Ordinal) != false)
            {
                foreach (object? item in many)
                {
                    Push(item);
                }

                continue;
            }

            for (Type? type = one.GetType(); type is not null && type != typeof(object); type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(Instance))
                {
                    object? value = field.GetValue(one);
                    if (value is Array { Length: > 0 } array && array.GetType().GetElementType()!.IsPrimitive)
                    {
                        if (IsSecret(type, field) && !IsZero(array))
                        {
                            found.Add(($"{type.Name}.{field.Name}", array));
                        }
                    }
                    else
                    {
                        Push(value);
                    }
                }
            }
        }

        return found;

        void Push(object? value)
        {
            if (value is not null && value.GetType() is { IsPrimitive: false, IsEnum: false } type
                && (type.Assembly == typeof(QuicConnection).Assembly || (value is IEnumerable and not string && type.IsGenericType) || type.IsArray))
            {
                next.Push(value);
            }
        }
    }

    private static bool IsSecret(Type type, FieldInfo field)
        => (type.Namespace is "IrohRpc.Quic.Protection" or "IrohRpc.Quic.Tls.Keys" && !field.Name.Contains("public", StringComparison.OrdinalIgnoreCase)) || field.Name.Contains("secret", StringComparison.OrdinalIgnoreCase);

    private static bool IsZero(Array array)
        => MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array)).IndexOfAnyExcept((byte)0) < 0;
}
