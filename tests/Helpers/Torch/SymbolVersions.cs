using System.Buffers.Binary;
using System.Text;

namespace Backprop.Tests;

/// <summary>The symbol versions that a 64-bit Linux shared library requires.</summary>
/// <remarks>
/// Layout of the file, its sections and symbols: System V gABI, chapter 4, https://www.sco.com/developers/gabi/latest/ch4.intro.html.
/// Layout of the versions: Linux Standard Base Core 5.0, "Symbol Versioning",
/// https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html.
/// </remarks>
internal sealed class SymbolVersions
{
    private const uint DynamicSymbols = 11;         // SHT_DYNSYM, .dynsym: what the library takes and gives
    private const uint NeededVersions = 0x6ffffffe; // SHT_GNU_verneed, .gnu.version_r: for each library needed, the versions asked of it
    private const uint SymbolVersion = 0x6fffffff;  // SHT_GNU_versym, .gnu.version: for each dynamic symbol, the number of its version
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const ushort Hidden = 0x8000;

    private readonly byte[] library;

    /// <summary>Reads a library.</summary>
    /// <param name="library">The bytes of an ELF file, 64 bits, little endian, with its section headers.</param>
    /// <exception cref="InvalidDataException">The file has another format.</exception>
    public SymbolVersions(byte[] library)
    {
        this.library = library;
        if (!library.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8) || Half(0x3a) != SectionHeaderSize)
        {
            throw new InvalidDataException("This is no 64-bit little-endian ELF library.");
        }
    }

    /// <summary>Returns the symbols that are required in a version such as <c>GLIBCXX_3.4.32</c>.</summary>
    /// <exception cref="InvalidDataException">The library is truncated or damaged.</exception>
    public IReadOnlyList<string> SymbolsOf(string version)
    {
        var numbers = Requests(version).Select(request => Half(request + 6)).ToHashSet();
        var symbols = SectionOf(DynamicSymbols);
        var versions = SectionOf(SymbolVersion);
        var names = new List<string>();
        for (long i = 0; i < symbols.Size / SymbolSize; i++)
        {
            if (numbers.Contains((ushort)(Half(versions.Offset + 2 * i) & ~Hidden)))
            {
                names.Add(Text(symbols.Names, Word(symbols.Offset + SymbolSize * i)));
            }
        }

        return names;
    }

    /// <summary>Returns the offsets of the flags (<c>vna_flags</c>) of all required versions.</summary>
    /// <exception cref="InvalidDataException">The library is truncated or damaged.</exception>
    public IReadOnlyList<long> FlagsOf(string version) => [.. Requests(version).Select(request => request + 4)];

    // The required versions (Elf64_Vernaux): a linked list for each needed library, in a linked list of libraries (Elf64_Verneed).
    private IEnumerable<long> Requests(string version)
    {
        var section = SectionOf(NeededVersions);
        foreach (var need in Chain(section.Offset, toNext: 12))
        {
            foreach (var request in Chain(need + Word(need + 8), toNext: 12))
            {
                if (Text(section.Names, Word(request + 8)) == version)
                {
                    yield return request;
                }
            }
        }
    }

    // Each entry has the distance to the next; the last has 0.
    private IEnumerable<long> Chain(long link, int toNext)
    {
        yield return link;
        while (Word(link + toNext) is > 0 and var distance)
        {
            yield return link += distance;
        }
    }

    private Section SectionOf(uint type)
    {
        for (var i = 0; i < Half(0x3c); i++)
        {
            var header = Header(i);
            if (Word(header + 4) == type)
            {
                return new Section(Long(header + 24), Long(header + 32), Long(Header(Word(header + 40)) + 24));
            }
        }

        throw new InvalidDataException($"The library has no section of type 0x{type:x}.");
    }

    private long Header(long index)
    {
        var header = Long(0x28) + SectionHeaderSize * index;
        From(header, SectionHeaderSize);
        return header;
    }

    private string Text(long names, long position)
    {
        var text = From(names + position, 1);
        var end = text.IndexOf((byte)0);
        return end >= 0 ? Encoding.ASCII.GetString(text[..end]) : throw Damaged(library.Length);
    }

    private ushort Half(long at) => BinaryPrimitives.ReadUInt16LittleEndian(From(at, 2));

    private uint Word(long at) => BinaryPrimitives.ReadUInt32LittleEndian(From(at, 4));

    private long Long(long at) => BinaryPrimitives.ReadInt64LittleEndian(From(at, 8));

    private ReadOnlySpan<byte> From(long at, int needed) =>
        at >= 0 && at <= library.Length - needed ? library.AsSpan((int)at) : throw Damaged(at);

    private InvalidDataException Damaged(long at) =>
        new($"The library is truncated or damaged: it has {library.Length} bytes, but byte {at} is needed.");

    private readonly record struct Section(long Offset, long Size, long Names);
}
