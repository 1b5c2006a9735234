using System.Diagnostics;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>The fields of a request: what stays the same whenever the call is made again, and behind it what is written for each attempt.</summary>
internal struct OutgoingFields()
{
    private readonly CallBuffer _bytes = new();
    private List<PassedObject>? _objects;
    private RpcConnection? _passedOn;
    private int _fixed;

    /// <summary>How many bytes stay the same.</summary>
    public readonly int FixedLength => _fixed;

    /// <summary>The objects that the call passes; null for none.</summary>
    public readonly List<PassedObject>? Objects => _objects;

    /// <summary>The call passes an object.</summary>
    public void Add(PassedObject passed) => (_objects ??= []).Add(passed);

    /// <summary>Writes what stays the same. Once: the caller may change its metadata while the call is made again.</summary>
    public void WriteFixed(CallContext? context, Activity? activity)
    {
        _bytes.Clear();
        if (context is { HasMetadata: true })
        {
            CallFields.WriteMetadata(_bytes, context.Metadata);
        }

        if (activity is not null)
        {
            CallFields.WriteTrace(_bytes, activity);
        }

        _fixed = _bytes.Length;
    }

    /// <summary>All fields of an attempt.</summary>
    /// <param name="connection">The connection that the call is about to be sent on; null for a broadcast.</param>
    /// <param name="left">The time that is left; null without a deadline.</param>
    /// <param name="turn">The call's turn, for one that takes a stream; -1 for none.</param>
    public readonly ReadOnlySpan<byte> Write(RpcConnection? connection, TimeSpan? left, long turn)
    {
        _bytes.Truncate(_fixed);
        if (left is { } time)
        {
            FieldWriter.WriteTimeout(_bytes, time);
        }

        if (turn >= 0)
        {
            FieldWriter.WriteTurn(_bytes, turn);
        }

        if (_objects is { } objects && connection is not null)
        {
            foreach (PassedObject passed in objects)
            {
                CallFields.WriteObject(_bytes, passed, connection);
            }
        }

        return _bytes.WrittenSpan;
    }

    /// <summary>The objects that the call passes have been added to a connection's table.</summary>
    public void PassedOn(RpcConnection connection) => Volatile.Write(ref _passedOn, connection);

    /// <summary>The peer will never hold what the call passes.</summary>
    public void ForgetObjects() => Interlocked.Exchange(ref _passedOn, null)?.Forget(_objects!);

    /// <summary>Gives the memory back.</summary>
    public readonly void Release() => _bytes.Release();

    /// <summary>Forgets everything, for another call.</summary>
    public void Clear()
    {
        _bytes.Clear();
        _fixed = 0;
        _objects = null;
        _passedOn = null;
    }
}
