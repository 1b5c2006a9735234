using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace IrohRpc.Payloads;

/// <summary>Finds the attribute that gives a member its formatter, as the code does that MemoryPack generates for the type.</summary>
internal static class MemberFormatter
{
    public const DynamicallyAccessedMemberTypes Members = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields
        | DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicProperties;

    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static TAttribute Find<[DynamicallyAccessedMembers(Members)] TOwner, TAttribute>(string member)
        where TAttribute : Attribute
    {
        MemberInfo? found = (MemberInfo?)typeof(TOwner).GetProperty(member, Instance) ?? typeof(TOwner).GetField(member, Instance);
        return found?.GetCustomAttribute<TAttribute>()
            ?? throw new NotSupportedException($"{typeof(TOwner)}.{member} has lost the attribute that says how it is read.");
    }
}
