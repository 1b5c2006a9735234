using System.Collections.Frozen;
using System.ComponentModel;
using System.Text;

namespace IrohRpc.CompilerServices;

/// <summary>All that the runtime knows of one contract. Immutable; one instance for the life of the program.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ContractDescriptor
{
    private readonly FrozenDictionary<uint, MethodDescriptor> _methods;
    private readonly FrozenDictionary<string, int> _versions;
    private readonly IReadOnlyList<string> _ownAlpns;
    private readonly IReadOnlyList<ContractDescriptor> _olderVersions;
    private byte[]? _encodedAlpns;

    /// <summary>Describes a contract.</summary>
    /// <param name="name">The interface's name in C#, for messages.</param>
    /// <param name="alpns">Its ALPNs, newest first; at least one.</param>
    /// <param name="methods">Its methods, each at the place that its index says.</param>
    /// <param name="olderVersions">The contracts of the same protocol that it inherits, newest first; null for none.</param>
    /// <exception cref="ArgumentException">There is no ALPN, a method stands in the wrong place, or two share a name id.</exception>
    public ContractDescriptor(string name, IReadOnlyList<string> alpns, IReadOnlyList<MethodDescriptor> methods, IReadOnlyList<ContractDescriptor>? olderVersions = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(alpns);
        ArgumentNullException.ThrowIfNull(methods);
        if (alpns.Count == 0)
        {
            throw new ArgumentException($"{name} has no ALPN.", nameof(alpns));
        }

        Name = name;
        Methods = methods;
        _ownAlpns = alpns;
        _olderVersions = olderVersions ?? [];
        Alpns = [.. alpns.Concat(_olderVersions.SelectMany(older => older._ownAlpns)).Distinct(StringComparer.Ordinal)];
        _versions = alpns.Select(KeyValuePair.Create<string, int>).ToFrozenDictionary();
        for (int index = 0; index < methods.Count; index++)
        {
            if (methods[index].Index != index)
            {
                throw new ArgumentException($"{name}.{methods[index].Name} stands at {index} and says {methods[index].Index}.", nameof(methods));
            }

            methods[index].Contract = this;
        }

        _methods = methods.ToFrozenDictionary(method => method.NameId);
    }

    /// <summary>The interface's name in C#, for messages.</summary>
    public string Name { get; }

    /// <summary>What a caller offers and a service serves, newest first: its own ALPNs, then those of the older versions that it inherits.</summary>
    public IReadOnlyList<string> Alpns { get; }

    /// <summary>Its methods, by index.</summary>
    public IReadOnlyList<MethodDescriptor> Methods { get; }

    /// <summary>Whether it has an ALPN from an older version that it inherits, which may be served by itself as well.</summary>
    internal bool IsInherited(string alpn) => !_ownAlpns.Contains(alpn, StringComparer.Ordinal);

    /// <summary>The ALPNs as an object of the contract carries them when it is passed: newest first, each with its length in front.</summary>
    internal ReadOnlySpan<byte> EncodedAlpns => _encodedAlpns ??= Encode(Alpns);

    /// <summary>The newest version that both have, for an object of this contract; null where they have none in common, or the peer says nothing.</summary>
    /// <param name="offered">What the peer says: its ALPNs, newest first, each with its length in front.</param>
    internal string? Agree(ReadOnlySpan<byte> offered)
    {
        while (!offered.IsEmpty && VarInt.TryRead(ref offered, out long length) && length >= 0 && length <= offered.Length)
        {
            foreach (string alpn in Alpns)
            {
                if (Encoding.UTF8.GetByteCount(alpn) == length && Encoding.UTF8.GetString(offered[..(int)length]) == alpn)
                {
                    return alpn;
                }
            }

            offered = offered[(int)length..];
        }

        return null;
    }

    /// <summary>The method of a name id, or null.</summary>
    internal MethodDescriptor? Find(uint nameId) => _methods.GetValueOrDefault(nameId);

    /// <summary>
    /// Whether a connection that agreed on <paramref name="alpn"/> has the method. One that is none of the contract's ALPNs was mapped by hand,
    /// and has all.
    /// </summary>
    internal bool Has(MethodDescriptor method, string alpn)
    {
        if (method.Since is null && _olderVersions.Count == 0)
        {
            return true;
        }

        if (_versions.TryGetValue(alpn, out int negotiated))
        {
            return method.Since is null || !_versions.TryGetValue(method.Since, out int since) || negotiated <= since;
        }

        foreach (ContractDescriptor older in _olderVersions)
        {
            if (older._versions.ContainsKey(alpn))
            {
                return older.Find(method.NameId) is { } same && same.SignatureId == method.SignatureId && older.Has(same, alpn);
            }
        }

        return true;
    }

    /// <summary>Whether every version that a caller offers has the method.</summary>
    internal bool HasAlways(MethodDescriptor method)
    {
        foreach (string alpn in Alpns)
        {
            if (!Has(method, alpn))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The oldest ALPN that has the method.</summary>
    internal string SinceOf(MethodDescriptor method) => Alpns.Last(alpn => Has(method, alpn));

    private static byte[] Encode(IReadOnlyList<string> alpns)
    {
        var encoded = new MemoryStream();
        Span<byte> length = stackalloc byte[VarInt.MaxLength];
        foreach (string alpn in alpns)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(alpn);
            encoded.Write(length[..VarInt.Write(length, bytes.Length)]);
            encoded.Write(bytes);
        }

        return encoded.ToArray();
    }
}
